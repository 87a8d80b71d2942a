// The page's framework tells nobody why the service would not take an event: too often, full, too large, ending.
const fetchAsBefore = window.fetch;

window.fetch = async (...asked) => {
  const response = await fetchAsBefore(...asked);
  const { pathname } = new URL(asked[0]?.url ?? asked[0], location.href);
  if (pathname.endsWith("/queue/join")) sayRefused(response.ok ? null : await problemOf(response.clone()));
  return response;
};

function sayRefused(problem) {
  const place = spoken(".sz-refused");
  sayWrong(place, problem);
  place.hidden = !problem;
}
