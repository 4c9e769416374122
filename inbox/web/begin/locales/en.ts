const en = {
  find: "Find a contact: name, phone, e-mail",
  contacts: "Contacts",
  none: "Nobody is found",
  empty: "Contacts appear here once they have written to you.",
  another: "Another contact",
  where: "Where to write",
  goesOn: "Goes on in the open conversation",
  new: "A new conversation begins",
  blocked: "Has blocked the account",
  noWay: "There is no connected channel on which this contact can be written to.",
  text: "Message",
  failed: "Where the contact can be reached did not load",
};
export default en;
