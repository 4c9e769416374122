export interface TableColumn {
  id: string;
  label: string;
  align?: "start" | "end";
  sortable?: boolean;
  /** Tailwind width classes of the column. */
  width?: string;
}

export interface TableSort {
  column: string;
  direction: "ascending" | "descending";
}
