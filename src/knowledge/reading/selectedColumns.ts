/** Names of columns, those in groups with the group's name: `name`, `article.title`; sorted. */
export type SelectedColumns = readonly string[];
