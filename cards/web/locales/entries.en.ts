const en = { form: "Form", booking: "Booking request", consent: "Agreed to" };
export default en;
