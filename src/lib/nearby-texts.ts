/** Whether the text is well-formed Unicode: a lone surrogate has no UTF-8, and Node would sign U+FFFD in its place. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** Texts that a slip of the pen makes of a message, each with what it is: for the diagnosis of a failing row only. */
export function nearbyTexts(message: string): readonly { readonly what: string; readonly text: string }[] {
  return [
    { what: 'the message without blanks around it', text: message.trim() },
    { what: 'the message and a line end', text: `${message}\n` },
    { what: 'the message with other line ends', text: swapLineEnds(message) },
    { what: 'the message in Unicode form NFC', text: message.normalize('NFC') },
    { what: 'the message in Unicode form NFD', text: message.normalize('NFD') },
  ].filter(({ text }) => text !== message);
}

const swapLineEnds = (text: string): string =>
  text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\n', '\r\n');
