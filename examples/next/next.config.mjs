const { TOKEN_SERVER = 'http://127.0.0.1:8480', EXPRESS = 'http://127.0.0.1:3001' } = process.env;

// One host for pages, token server and back end: the session cookie reaches all of them. In production a reverse proxy does this.
export default {
  rewrites: async () => [
    { source: '/kakao/:path*', destination: `${TOKEN_SERVER}/kakao/:path*` },
    { source: '/shop/:path*', destination: `${EXPRESS}/:path*` },
  ],
};
