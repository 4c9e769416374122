const ru = { form: "Форма", booking: "Заявка на запись", consent: "Дано согласие" };
export default ru;
