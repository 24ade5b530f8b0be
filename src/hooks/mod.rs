//! Hooks: what is installed, what should be, and the plan that leads from one to the other.
