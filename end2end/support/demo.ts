// The merchant that `demo` makes.
export const DEMO_PASSWORD = "demo: a lantern, seven owls";
export const DEMO_OWNER = { email: "owner@dalbit.example", password: DEMO_PASSWORD };
