/** Imported first, before any schema is made: without it the schema library tries once to evaluate code, and the page's policy reports it. */
import * as z from "zod";

z.config({ jitless: true });
