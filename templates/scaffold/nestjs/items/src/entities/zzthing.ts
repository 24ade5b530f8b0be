/** The one thing that this service knows so far. What it really consists of is yours to decide. */
export interface Zzthing {
  id: string;
  name: string;
}
