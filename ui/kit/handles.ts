/** What a field lets its parent do. */
export interface FieldHandle {
  focus: () => void;
}
