//! mastery with the real tools of the three languages, through real `git commit`.

mod fixture;
mod lies;
mod staged;
mod tools;
