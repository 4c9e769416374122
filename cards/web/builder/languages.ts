/** Languages that a card is offered; each is written from left to right. */
export const offered = [
  ...["en", "ru", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "bg", "sr", "hr", "sl"],
  ...["el", "tr", "uk", "be", "kk", "uz", "ky", "tg", "az", "ka", "hy", "lt", "lv", "et", "fi", "sv", "da"],
  ...["nb", "zh", "ja", "ko", "vi", "th", "id", "hi"],
];
