/** As the server asks; it refuses the commonest ones besides. */
export const passwordLength = 10;
