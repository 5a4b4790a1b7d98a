/** Stylesheets come as text; the build minifies them. */
declare module '*.css' {
  const text: string;
  export default text;
}
