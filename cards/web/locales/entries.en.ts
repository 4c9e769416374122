const en = {
  form: "Form",
  booking: "Booking request",
  consent: "Agreed to",
  ask: "Ask for a review",
  askOn: "Ask for a review: {name}",
  copied: "The link is copied. Send it to the customer.",
  link: "Link for the customer, good for one review",
  reviewed: "Review: {n} of 5",
  state: { waiting: "not shown yet", shown: "shown on the card", hidden: "hidden" },
};
export default en;
