export default { title: "Inbox" };
