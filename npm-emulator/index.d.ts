/** How an emulator is started. */
export interface EmulatorOptions {
  /** Where it begins, and returns to on `reset()`: a seed, or the path of a seed file. Left out: one demo app, four users. */
  seed?: Seed | string;
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  port?: number;
  /** Redirect URIs of the demo app, in the place of those of the demo page. */
  redirectUris?: string[];
  /** Origin of an emulator that runs already; nothing is started or ended then. */
  url?: string;
  /** Path of the program; left out: KAKAOWASM_BINARY, or that of the package @kakaowasm/cli. */
  binary?: string;
  /** Further arguments of `kakaowasm emulate`. */
  args?: string[];
}

/** Apps, users and what else a world begins with. Members are those of the emulator's seed file. */
export interface Seed {
  apps?: App[];
  users?: User[];
  access_token_ttl?: string;
  refresh_token_ttl?: string;
  auto_login?: number;
  [member: string]: unknown;
}

export interface Text { ko: string; en: string; ja?: string; zh?: string }

export interface Scope { id: string; display_name?: Text; required?: boolean; in_use?: boolean; type?: 'PRIVACY' | 'SERVICE' }

/** An app as Kakao Developers knows it. */
export interface App {
  id: number;
  name: string;
  rest_api_key: string;
  javascript_key: string;
  admin_key?: string;
  client_secret?: string;
  client_secret_off?: boolean;
  redirect_uris?: string[];
  logout_redirect_uris?: string[];
  site_domains?: string[];
  login_off?: boolean;
  openid_connect?: boolean;
  scopes?: Scope[];
  [member: string]: unknown;
}

/** An app to register: what is left out is made up. */
export type AppInput = Partial<App> & { name: string };

/** A Kakao Account. */
export interface User {
  id: number;
  nickname: string;
  email?: string;
  name?: string;
  gender?: 'female' | 'male';
  age_range?: string;
  birthday?: string;
  birthyear?: string;
  phone_number?: string;
  [member: string]: unknown;
}

/** A user to register: what is left out is made up. */
export type UserInput = Partial<User> & { nickname: string };

/** What goes wrong, and for how many requests. */
export interface FaultEffect {
  times?: number;
  /** Such as '3s'. */
  delay?: string;
  drop?: boolean;
  status?: number;
  body?: string;
  wrong_signature?: boolean;
  /** Such as '-10m'. */
  skew?: string;
}

export interface Fault extends FaultEffect {
  id: number;
  /** A path, or the beginning of paths: '/oauth/token', '/v2/*'. */
  path: string;
}

/** A request to the platform with its answer, without secrets. */
export interface Call {
  number: number;
  at: string;
  method: string;
  host: string;
  path: string;
  query?: Record<string, string>;
  form?: Record<string, string>;
  origin?: string;
  /** 0 if the connection was dropped. */
  status: number;
  /** Error code of a refusal, such as KOE006 or -401. */
  error?: string;
  location?: string;
  answer?: unknown;
}

/** What a call must hold to be counted. */
export interface ExpectedCall {
  times?: number;
  method?: string;
  query?: Record<string, unknown>;
  form?: Record<string, unknown>;
  status?: number;
}

interface Collection<Value, Input> {
  list(): Promise<Value[]>;
  get(id: number): Promise<Value>;
  add(value: Input): Promise<Value>;
  /** Changes the members that are named; `null` removes one. */
  change(id: number, changes: { [Member in keyof Value]?: Value[Member] | null }): Promise<Value>;
  remove(id: number): Promise<void>;
}

/** One Kakao platform with apps, users, clock, faults and journal of its own. Every method rejects with an EmulatorError. */
export interface World {
  readonly name: string;
  /** Origin of the authorization server, of the REST API and of the console. */
  readonly url: string;
  readonly users: Collection<User, UserInput>;
  readonly apps: Collection<App, AppInput>;
  readonly clock: {
    now(): Promise<Date>;
    /** Such as '13h', '90s' or '31d'. */
    advance(span: string): Promise<unknown>;
    set(time: Date | string | number): Promise<unknown>;
    stop(): Promise<unknown>;
    resume(): Promise<unknown>;
  };
  readonly faults: {
    inject(fault: FaultEffect & { path: string }): Promise<Fault>;
    list(): Promise<Fault[]>;
    remove(id: number): Promise<void>;
    clear(): Promise<void>;
  };
  readonly snapshots: {
    save(name: string): Promise<unknown>;
    restore(name: string): Promise<void>;
    list(): Promise<Array<{ name: string; at: string }>>;
  };
  /** Makes requests of a path fail: `fault('/oauth/token', { status: 500, times: 2 })`. */
  fault(path: string, effect: FaultEffect): Promise<Fault>;
  /** Returns to the start state. */
  reset(): Promise<void>;
  /** Puts the world into the state of a seed, to which `reset()` returns from then on. */
  load(seed: Seed): Promise<void>;
  /** The state as a seed. */
  export(): Promise<Seed>;
  /** Logs every authorization request in as this user, who agrees to everything, without a page. */
  logInAs(user: number | string | Pick<User, 'id'>): Promise<void>;
  /** Shows the login pages again. */
  showPages(): Promise<void>;
  /** Registers redirect URIs for the first app. */
  allowRedirect(...uris: string[]): Promise<void>;
  /** What was called, oldest first: all, or one path. */
  calls(path?: string): Promise<Call[]>;
  /** Rejects unless a path was called as expected; preflights do not count. Resolves to the calls that fit. */
  assertCalled(path: string, expected?: ExpectedCall): Promise<Call[]>;
  /** What was sent at KakaoTalk. */
  messages(): Promise<Array<{ from: number; to: number[]; path: string; template_object?: unknown; template_id?: number; template_args?: Record<string, unknown>; request_url?: string }>>;
  /** The webhooks that were sent. */
  webhooks(): Promise<unknown[]>;
  /** Variables for an app under test: addresses and keys of the first app. */
  env(): Promise<Record<string, string>>;
  /** Any other call of the console. */
  request(method: string, path: string, body?: unknown): Promise<any>;
  /** Removes the world. */
  close(): Promise<void>;
}

/** A running emulator, which is its first world and makes others. */
export interface Emulator extends World {
  /** A new world with the start state of the first one, or with a seed of its own. The name is up to 63 lower-case letters, digits and hyphens. */
  world(name: string, seed?: Seed): Promise<World>;
  /** Ends the program. */
  close(): Promise<void>;
}

/** What the emulator refused, or could not do. The message names every mistake. */
export class EmulatorError extends Error {
  constructor(message: string, about?: { status?: number; mistakes?: Array<{ place?: string; problem: string }>; cause?: unknown });
  readonly status?: number;
  readonly mistakes: Array<{ place?: string; problem: string }>;
}

/** Starts an emulator and waits until it answers. */
export function createEmulator(options?: EmulatorOptions): Promise<Emulator>;
