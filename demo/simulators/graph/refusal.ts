/** An answer with `error`: https://developers.facebook.com/docs/graph-api/guides/error-handling */
export interface GraphErrorFacts {
  code: number;
  message: string;
  type?: string;
  subcode?: number;
  transient?: boolean;
  details?: string;
  /** HTTP status; 400 without it. */
  status?: number;
}

export class GraphRefusal extends Error {
  readonly facts: GraphErrorFacts;

  constructor(facts: GraphErrorFacts) {
    super(facts.message);
    this.facts = facts;
  }

  get status(): number {
    return this.facts.status ?? 400;
  }

  toJSON(): object {
    const { code, message, type = "OAuthException", subcode, transient, details } = this.facts;
    return {
      error: {
        message: `(#${code}) ${message}`,
        type,
        code,
        ...(subcode !== undefined && { error_subcode: subcode }),
        ...(transient !== undefined && { is_transient: transient }),
        ...(details !== undefined && { error_data: { messaging_product: "whatsapp", details } }),
        fbtrace_id: "AZ3kSimulated",
      },
    };
  }
}

export function badParameter(message: string, details?: string): GraphRefusal {
  return new GraphRefusal({ code: 100, message, ...(details !== undefined && { details }) });
}

export function unknownPath(id: string): GraphRefusal {
  return new GraphRefusal({
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message: `Unsupported request. Object with ID '${id}' does not exist or cannot be loaded`,
  });
}

export function badToken(): GraphRefusal {
  return new GraphRefusal({
    code: 190,
    status: 401,
    message: "Error validating access token: The session is invalid because the user logged out.",
  });
}
