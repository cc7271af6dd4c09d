// SPDX-License-Identifier: MIT
// Where this page is served by the playground's own server, that one answers here where it listens.
// Any other web server, or none, has no API to send real requests to.
