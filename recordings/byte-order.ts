/** Whether this machine keeps the lowest byte of a number first, as all our files do; asked of the machine itself. */
export const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
