export default { turbopack: { root: import.meta.dirname + '/..' } }; // where the packages are
