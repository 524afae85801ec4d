// Written from the OpenAPI document by a test. Do not edit.

export type RowRecordings = {
  /**
   * id of the conversation
   */
  conversation_id: string;
  /**
   * key of the MP3 in the archive
   */
  audio_key: string | null;
  /**
   * size of the MP3 in bytes
   */
  audio_bytes: number | string | null;
  /**
   * length of the recording in seconds, counted frame by frame
   */
  duration_secs: number | null;
  /**
   * mean bit rate in kilobits per second
   */
  bitrate_kbps: number | null;
  /**
   * source of the recording: embedded, webhook or api
   */
  source: string | null;
  /**
   * when the archive first stored the MP3, UTC
   */
  stored_at: string | null;
  /**
   * the agent that took the call
   */
  agent_id: string | null;
  dt?: string;
} | null;

export interface Paths {
  "/api/v1/calls": {
    get: {
      parameters: {
        query?: {
          from?: string;
          to?: string;
          agent?: string;
          caller?: string;
          direction?: string;
          channel?: string;
          status?: string;
          outcome?: string;
          source?: string;
          min_duration?: number | null;
          max_duration?: number | null;
          has_recording?: "true" | "false";
          failed_criterion?: string;
          sort?:
            | "started_at"
            | "duration_secs"
            | "cost_credits"
            | "rating"
            | "-started_at"
            | "-duration_secs"
            | "-cost_credits"
            | "-rating";
          cursor?: string;
          limit?: number;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: RowConversations[];
              next_cursor: string | null;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/calls/facets": {
    get: {
      parameters: {
        query?: {
          from?: string;
          to?: string;
          agent?: string;
          caller?: string;
          direction?: string;
          channel?: string;
          status?: string;
          outcome?: string;
          source?: string;
          min_duration?: number | null;
          max_duration?: number | null;
          has_recording?: "true" | "false";
          failed_criterion?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              calls: number;
              agent: {
                value: string | number | boolean | null;
                name: string | number | boolean | null;
                calls: number;
              }[];
              channel: {
                value: string | number | boolean | null;
                name: string | number | boolean | null;
                calls: number;
              }[];
              direction: {
                value: string | number | boolean | null;
                name: string | number | boolean | null;
                calls: number;
              }[];
              outcome: {
                value: string | number | boolean | null;
                name: string | number | boolean | null;
                calls: number;
              }[];
              day: {
                value: string | number | boolean | null;
                name: string | number | boolean | null;
                calls: number;
              }[];
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/calls/{conversation_id}": {
    get: {
      parameters: {
        path: {
          conversation_id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              conversation: RowConversations;
              turns: RowTurns[];
              tool_calls: RowToolCalls[];
              evaluations: RowEvaluations[];
              data_points: RowDataPoints[];
              variables: RowVariables[];
              llm_usage: RowLlmUsage[];
              recording: RowRecordings;
              archive: {
                raw_key: string;
                audio_key: string | null;
                received_at: string;
                signature: "valid" | "invalid" | "none" | "unknown secret";
                steps: {
                  step: "audio" | "rows" | "memory";
                  state: "done" | "failed" | "open";
                  reason: string | null;
                }[];
              };
              memories:
                | {
                    user_id: string;
                    type: "factual" | "semantic";
                    conversation_id: string;
                    messages: {
                      role: "user" | "assistant";
                      content: string;
                    }[];
                    metadata: {
                      [k: string]: string | number | boolean | null;
                    };
                  }[]
                | null;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        410: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/calls/{conversation_id}/transcript": {
    get: {
      parameters: {
        path: {
          conversation_id: string;
        };
        query?: {
          format?: "txt" | "md" | "vtt" | "json";
        };
      };
      responses: {
        200: {
          content: {
            "text/plain": string;
            "text/markdown": string;
            "text/vtt": string;
            "application/json": {
              items: RowTurns[];
              next_cursor: string | null;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        410: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/calls/{conversation_id}/recording": {
    get: {
      parameters: {
        path: {
          conversation_id: string;
        };
      };
      responses: {
        200: {
          content: {
            "audio/mpeg": string;
          };
        };
        206: {
          content: {
            "audio/mpeg": string;
          };
        };
        302: {
          content: {};
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        410: {
          content: {
            "application/problem+json": Problem;
          };
        };
        416: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/calls/{conversation_id}/raw": {
    get: {
      parameters: {
        path: {
          conversation_id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": unknown;
          };
        };
        302: {
          content: {};
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        410: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/search": {
    get: {
      parameters: {
        query: {
          phrase: string;
          speaker?: "any" | "user" | "agent";
          agent?: string;
          from?: string;
          to?: string;
          cursor?: string;
          limit?: number;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                [k: string]: string | number | boolean | null;
              }[];
              next_cursor: string | null;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/callers/{caller}": {
    get: {
      parameters: {
        path: {
          caller: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              caller: string;
              call_count: number;
              calls: {
                [k: string]: string | number | boolean | null;
              }[];
              is_cut: boolean;
              outcomes: {
                value: string | null;
                calls: number;
              }[];
              memories:
                | {
                    user_id: string;
                    type: "factual" | "semantic";
                    conversation_id: string;
                    messages: {
                      role: "user" | "assistant";
                      content: string;
                    }[];
                    metadata: {
                      [k: string]: string | number | boolean | null;
                    };
                  }[]
                | null;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/overview": {
    get: {
      parameters: {
        query?: {
          from?: string;
          to?: string;
          agent?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              current: {
                [k: string]: string | number | boolean | null;
              };
              previous: {
                [k: string]: string | number | boolean | null;
              };
              days: {
                [k: string]: string | number | boolean | null;
              }[];
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/archive": {
    get: {
      parameters: {
        query?: {
          from?: string;
          to?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              from: string;
              to: string;
              days: {
                [k: string]: string | number | boolean | null;
              }[];
              dead_letters:
                | {
                    [k: string]: string | number | boolean | null;
                  }[]
                | null;
              missing_calls: string[] | null;
              missing_checked_at: string | null;
              findings:
                | {
                    [k: string]: string | number | boolean | null;
                  }[]
                | null;
              finding_count: number | null;
              findings_checked_at: string | null;
              doctor_checked_at: string | null;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/questions": {
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                name: string;
                topic: "volume" | "outcome" | "content" | "quality" | "money" | "archive";
                question: string;
                grain: string;
                parameters: {
                  name: string;
                  type: "string" | "integer" | "double" | "date" | "zone";
                  meaning: string;
                  default: string | null;
                  choices: string[] | null;
                }[];
                reads: string[];
                chart: {
                  kind: "bar" | "line";
                  value: string;
                  labels: string[];
                } | null;
                sql: string;
              }[];
              next_cursor: string | null;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/questions/{name}": {
    get: {
      parameters: {
        path: {
          name: string;
        };
        query?: {
          format?: "json" | "csv";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                [k: string]: string | number | boolean | null;
              }[];
              next_cursor: string | null;
              columns: {
                name: string;
                type: string;
              }[];
              is_cut: boolean;
              most_rows: number;
              values: {
                [k: string]: string;
              };
            };
            "text/csv": string;
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/tables": {
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                name: string;
                grain: string;
                columns: {
                  name: string;
                  type: string;
                  comment: string;
                }[];
              }[];
              next_cursor: string | null;
              has_own_sql: boolean;
            };
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/sql": {
    get: {
      parameters: {
        query: {
          query: string;
          format?: "json" | "csv";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                [k: string]: string | number | boolean | null;
              }[];
              next_cursor: string | null;
              columns: {
                name: string;
                type: string;
              }[];
              is_cut: boolean;
              most_rows: number;
            };
            "text/csv": string;
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        422: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/actions/redrive": {
    post: {
      parameters: {
        header?: {
          "x-action-token"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minItems 1
             * @maxItems 1000
             */
            keys?: [string, ...string[]];
            /**
             * Required if nothing is selected
             */
            all?: true;
            quarantined?: boolean;
            /**
             * Returns what would be done, and changes nothing
             */
            dry_run?: boolean;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": ActionRun;
          };
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        413: {
          content: {
            "application/problem+json": Problem;
          };
        };
        415: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/actions/reprocess": {
    post: {
      parameters: {
        header?: {
          "x-action-token"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minItems 1
             * @maxItems 1000
             */
            conversation_ids?: [string, ...string[]];
            from?: string;
            to?: string;
            agent?: string;
            caller?: string;
            /**
             * Required if nothing is selected
             */
            all?: true;
            /**
             * @minItems 1
             * @maxItems 3
             */
            only?:
              | ["audio" | "rows" | "memory"]
              | ["audio" | "rows" | "memory", "audio" | "rows" | "memory"]
              | ["audio" | "rows" | "memory", "audio" | "rows" | "memory", "audio" | "rows" | "memory"];
            /**
             * Returns what would be done, and changes nothing
             */
            dry_run?: boolean;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": ActionRun;
          };
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        413: {
          content: {
            "application/problem+json": Problem;
          };
        };
        415: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/actions/backfill": {
    post: {
      parameters: {
        header?: {
          "x-action-token"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            from: string;
            to?: string;
            agent?: string;
            /**
             * Returns what would be done, and changes nothing
             */
            dry_run?: boolean;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": ActionRun;
          };
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        413: {
          content: {
            "application/problem+json": Problem;
          };
        };
        415: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/actions/verify": {
    post: {
      parameters: {
        header?: {
          "x-action-token"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            conversation_id?: string;
            from?: string;
            to?: string;
            caller?: string;
            /**
             * Also reads each recording to its end
             */
            recordings?: boolean;
            /**
             * Repairs what can be repaired
             */
            fix?: boolean;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": ActionRun;
          };
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        409: {
          content: {
            "application/problem+json": Problem;
          };
        };
        413: {
          content: {
            "application/problem+json": Problem;
          };
        };
        415: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
        503: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/actions": {
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              token: string;
              actions: {
                name: "redrive" | "reprocess" | "backfill" | "verify";
                unavailable: string | null;
              }[];
              running: {
                id: string;
                action: "redrive" | "reprocess" | "backfill" | "verify";
                state: "running" | "done" | "failed";
                done: number;
                total: number | null;
                message: string;
                started_at: string;
                ended_at: string | null;
                dry_run: boolean;
              }[];
              ended: {
                id: string;
                action: "redrive" | "reprocess" | "backfill" | "verify";
                state: "running" | "done" | "failed";
                done: number;
                total: number | null;
                message: string;
                started_at: string;
                ended_at: string | null;
                dry_run: boolean;
              }[];
            };
          };
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
  "/api/v1/actions/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": ActionRun;
          };
        };
        304: {
          content: {};
        };
        400: {
          content: {
            "application/problem+json": Problem;
          };
        };
        403: {
          content: {
            "application/problem+json": Problem;
          };
        };
        404: {
          content: {
            "application/problem+json": Problem;
          };
        };
        429: {
          content: {
            "application/problem+json": Problem;
          };
        };
        500: {
          content: {
            "application/problem+json": Problem;
          };
        };
      };
    };
  };
}
export interface RowConversations {
  /**
   * ElevenLabs' id of the conversation
   */
  conversation_id: string;
  /**
   * the agent that took or placed the call
   */
  agent_id: string | null;
  /**
   * the agent's name at the time of the call
   */
  agent_name: string | null;
  /**
   * the agent's branch
   */
  branch_id: string | null;
  /**
   * the agent's version
   */
  version_id: string | null;
  /**
   * the person's id in the customer's system, if the integration sets one
   */
  user_id: string | null;
  /**
   * the person's folder in the archive: digits, user-…, or anonymous
   */
  caller: string | null;
  /**
   * inbound or outbound
   */
  direction: string | null;
  /**
   * phone, sip, whatsapp, sms, slack, telegram, genesys, web, swift_sdk, …
   */
  channel: string | null;
  /**
   * ElevenLabs' name of the integration that began the call: twilio, widget, …
   */
  initiation_source: string | null;
  /**
   * the agent's environment: production, staging, …
   */
  environment: string | null;
  /**
   * ids of the call's tags, separated by commas
   */
  tag_ids: string | null;
  /**
   * id of the batch that placed the call
   */
  batch_call_id: string | null;
  /**
   * id of the person in that batch
   */
  batch_recipient_id: string | null;
  /**
   * id of the campaign of that batch
   */
  campaign_id: string | null;
  /**
   * id of the person in that campaign
   */
  campaign_lead_id: string | null;
  /**
   * the agent's phone number, as ElevenLabs writes it
   */
  agent_number: string | null;
  /**
   * the carrier's id for the call
   */
  call_sid: string | null;
  /**
   * ElevenLabs' status, or initiation_failure for an attempt without a call
   */
  status: string | null;
  /**
   * the carrier's result of an outbound call: answered, voicemail, busy, no_answer or failed
   */
  call_result: string | null;
  /**
   * whether a machine answered; null if nothing states what answered
   */
  is_machine: boolean | null;
  /**
   * reason for a failed attempt: busy, no-answer, …
   */
  failure_reason: string | null;
  /**
   * start of the call, UTC
   */
  started_at: string | null;
  /**
   * length of the call in seconds
   */
  duration_secs: number | null;
  /**
   * time in the queue as ElevenLabs states it, in seconds
   */
  queue_wait_secs: number | null;
  /**
   * time from start to acceptance, in seconds
   */
  acceptance_wait_secs: number | null;
  /**
   * cost in ElevenLabs credits, without surcharges
   */
  cost_credits: number | null;
  /**
   * surcharges in ElevenLabs credits, not included in the cost
   */
  surcharge_credits: number | null;
  /**
   * cost in US dollars, if ElevenLabs states it
   */
  cost_usd: number | null;
  /**
   * price of the language model as charged, in US dollars
   */
  llm_price_usd: number | null;
  /**
   * price of all generations that were started, spoken or not, in US dollars
   */
  llm_initiated_usd: number | null;
  /**
   * price of the spoken generations, in US dollars
   */
  llm_used_usd: number | null;
  /**
   * reason for the end of the call, in ElevenLabs' words
   */
  termination_reason: string | null;
  /**
   * ElevenLabs' error code, if the call failed with one
   */
  error_code: string | null;
  /**
   * ElevenLabs' description of that error
   */
  error_reason: string | null;
  /**
   * ElevenLabs' warnings about the call, separated by line breaks
   */
  warnings: string | null;
  /**
   * time zone of the call, as Europe/Paris
   */
  timezone: string | null;
  /**
   * language code of the call
   */
  main_language: string | null;
  /**
   * true for a chat without voice
   */
  text_only: boolean | null;
  /**
   * the analysis' verdict: success, failure or unknown
   */
  call_successful: string | null;
  /**
   * the analysis' score for the call
   */
  success_score: number | null;
  /**
   * summary of the call in a few words
   */
  title: string | null;
  /**
   * summary of the call in a paragraph
   */
  summary: string | null;
  /**
   * the person's rating of the call
   */
  rating: number | null;
  /**
   * the person's like or dislike of the call
   */
  overall_score: string | null;
  /**
   * number of the person's likes in the call
   */
  likes: number | null;
  /**
   * number of the person's dislikes in the call
   */
  dislikes: number | null;
  /**
   * the person's written comment on the call
   */
  feedback_comment: string | null;
  /**
   * number of entries in the transcript
   */
  turn_count: number | null;
  /**
   * number of the person's entries of kind said
   */
  user_turn_count: number | null;
  /**
   * number of the agent's entries of kind said
   */
  agent_turn_count: number | null;
  /**
   * number of entries of kind silence or timeout
   */
  silence_count: number | null;
  /**
   * number of entries of kind contextual_update, backchannel or mailbox
   */
  unsaid_count: number | null;
  /**
   * number of tool calls, with those inside workflows
   */
  tool_call_count: number | null;
  /**
   * number of those whose result is an error
   */
  tool_error_count: number | null;
  /**
   * number of interrupted entries
   */
  interrupted_count: number | null;
  /**
   * the person's first entry of kind said
   */
  first_user_message: string | null;
  /**
   * whether ElevenLabs states that it has a recording; null if it does not state it
   */
  has_audio: boolean | null;
  /**
   * reason for a missing recording: off, waiting, not_produced, deleted or not_decodable; else null
   */
  recording_absence: string | null;
  /**
   * when ElevenLabs sent the event, UTC
   */
  event_at: string | null;
  /**
   * when the archive received the JSON, UTC
   */
  received_at: string | null;
  /**
   * source of the JSON: webhook, api or re-upload
   */
  source: string | null;
  /**
   * key of the JSON in the archive
   */
  raw_key: string | null;
  /**
   * size of the JSON in bytes
   */
  raw_bytes: number | string | null;
  /**
   * SHA-256 of the JSON, hexadecimal
   */
  raw_sha256: string | null;
  /**
   * version of the rules that produced this row
   */
  processor_version: string | null;
  dt?: string;
}
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /**
   * The part of a statement that is the reason. Lines and columns count from 1
   */
  place?: {
    line: number;
    column: number;
    length: number;
  };
}
export interface RowTurns {
  /**
   * id of the conversation
   */
  conversation_id: string;
  /**
   * position in the transcript, from 0
   */
  turn_index: number | null;
  /**
   * user or agent
   */
  role: string | null;
  /**
   * said, tool, file, silence, timeout, contextual_update, backchannel or mailbox; only said has words of the call
   */
  kind: string | null;
  /**
   * the spoken or typed text, of several voices too; null if there is none
   */
  message: string | null;
  /**
   * the agent's whole text, if an interruption cut it off
   */
  original_message: string | null;
  /**
   * seconds since the start of the call
   */
  time_in_call_secs: number | null;
  /**
   * whether the entry was interrupted
   */
  interrupted: boolean | null;
  /**
   * audio or text
   */
  source_medium: string | null;
  /**
   * language models that generated the text, separated by commas
   */
  llm_model: string | null;
  /**
   * the language model's time to first byte, in seconds
   */
  ttfb_secs: number | null;
  /**
   * the language model's time to the first whole sentence, in seconds
   */
  ttf_sentence_secs: number | null;
  /**
   * number of passages retrieved from the knowledge base
   */
  rag_chunk_count: number | null;
  /**
   * duration of that retrieval, in seconds
   */
  rag_latency_secs: number | null;
  /**
   * tools called in the entry, separated by commas
   */
  tool_names: string | null;
  /**
   * like or dislike
   */
  feedback: string | null;
  /**
   * node of the agent's workflow
   */
  workflow_node_id: string | null;
  /**
   * the agent in the conversation at that time
   */
  agent_id: string | null;
  /**
   * the person's folder in the archive: digits, user-…, or anonymous
   */
  caller: string | null;
  dt?: string;
}
export interface RowToolCalls {
  /**
   * id of the conversation
   */
  conversation_id: string;
  /**
   * ElevenLabs' id of the tool call
   */
  request_id: string | null;
  /**
   * id of the workflow's tool call that this one is nested in
   */
  parent_request_id: string | null;
  /**
   * node of that workflow that called the tool
   */
  workflow_node_id: string | null;
  /**
   * position of the transcript entry with the tool call
   */
  turn_index: number | null;
  /**
   * time of that entry, in seconds since the start of the call
   */
  time_in_call_secs: number | null;
  /**
   * name of the tool
   */
  tool_name: string | null;
  /**
   * system, webhook, client, mcp, workflow, …
   */
  tool_type: string | null;
  /**
   * whether the tool call was executed
   */
  called: boolean | null;
  /**
   * the parameters, as JSON text
   */
  params_json: string | null;
  /**
   * the result, as the tool returned it, or as ElevenLabs states it; null if there is none
   */
  result_json: string | null;
  /**
   * ElevenLabs' kind of the result: transfer_to_number_sip_success, …
   */
  result_type: string | null;
  /**
   * whether the result is an error
   */
  is_error: boolean | null;
  /**
   * kind of the error
   */
  error_type: string | null;
  /**
   * the tool's own error message
   */
  error_message: string | null;
  /**
   * whether ElevenLabs cut the parameters or the result at 4 kB
   */
  is_cut: boolean | null;
  /**
   * time until the result, in seconds
   */
  latency_secs: number | null;
  /**
   * the agent that called the tool
   */
  agent_id: string | null;
  dt?: string;
}
export interface RowEvaluations {
  /**
   * id of the conversation
   */
  conversation_id: string;
  /**
   * the criterion's id
   */
  criteria_id: string | null;
  /**
   * success, failure or unknown
   */
  result: string | null;
  /**
   * score for the criterion, if it has one
   */
  score: number | null;
  /**
   * highest possible score for the criterion
   */
  max_score: number | null;
  /**
   * explanation of the result
   */
  rationale: string | null;
  /**
   * conversation, or agent for the result of one agent of a transferred call
   */
  scope: string | null;
  /**
   * the evaluated agent
   */
  agent_id: string | null;
  dt?: string;
}
export interface RowDataPoints {
  /**
   * id of the conversation
   */
  conversation_id: string;
  /**
   * name of the value
   */
  name: string | null;
  /**
   * the value as text; null if it was not found
   */
  value: string | null;
  /**
   * configured type of the value: string, boolean, integer or number
   */
  value_type: string | null;
  /**
   * explanation of where the value was found in the call
   */
  rationale: string | null;
  /**
   * conversation, or agent for the value of one agent of a transferred call
   */
  scope: string | null;
  /**
   * the agent that collected the value
   */
  agent_id: string | null;
  dt?: string;
}
export interface RowVariables {
  /**
   * id of the conversation
   */
  conversation_id: string;
  /**
   * name of the variable; ElevenLabs' own begin with system__
   */
  name: string | null;
  /**
   * its last value, as text; lists and objects as JSON
   */
  value: string | null;
  /**
   * JSON type of the value: string, number, boolean, object, array or null
   */
  value_type: string | null;
  /**
   * initiation: set when the call began; tool: changed by a tool during the call
   */
  source: string | null;
  /**
   * the agent that took the call
   */
  agent_id: string | null;
  dt?: string;
}
export interface RowLlmUsage {
  /**
   * id of the conversation
   */
  conversation_id: string;
  /**
   * name of the language model
   */
  llm_model: string | null;
  /**
   * input and output tokens of all generations that were started
   */
  initiated_tokens: number | string | null;
  /**
   * price of the initiated tokens, in US dollars
   */
  initiated_usd: number | null;
  /**
   * input and output tokens of the spoken generations
   */
  used_tokens: number | string | null;
  /**
   * the used tokens that were input, cached ones included
   */
  used_input_tokens: number | string | null;
  /**
   * the used tokens that were output
   */
  used_output_tokens: number | string | null;
  /**
   * price of the used tokens, in US dollars
   */
  used_usd: number | null;
  /**
   * the agent that took the call
   */
  agent_id: string | null;
  dt?: string;
}
export interface ActionRun {
  id: string;
  action: "redrive" | "reprocess" | "backfill" | "verify";
  state: "running" | "done" | "failed";
  done: number;
  total: number | null;
  message: string;
  started_at: string;
  ended_at: string | null;
  request: {
    [k: string]: unknown;
  };
  result: {
    [k: string]: unknown;
  } | null;
}
