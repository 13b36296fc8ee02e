/** What a team may be called: the name stands in the server's logs and in headers. */
export const TEAM_NAME = /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/;
