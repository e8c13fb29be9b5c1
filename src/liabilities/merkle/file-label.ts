/**
 * What a result calls a customer's file: its name as given, or its number in the call where the name may tell who the customer is
 * (it holds one of the file's own ids, six digits in a row, or twelve hex digits in a row).
 */
export function fileLabel(name: string, place: number, ids: readonly string[]): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const tells = ids.some((id) => id.length >= 4 && name.includes(id)) || mayName(base);
  return tells ? `inclusion file ${place}` : name;
}

/** Whether a file's own name may be somebody's number or hash. */
export const mayName = (base: string): boolean => /\d{6}|[0-9a-f]{12}/i.test(base);
