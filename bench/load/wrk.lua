-- Sends the requests of the file REQUESTS, each line a path, a tab and a JSON body, in turn.
local requests, at = {}, 0

function init()
  wrk.headers["content-type"] = "application/json"
  for line in io.lines(os.getenv("REQUESTS")) do
    local path, body = line:match("^(.-)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", path, nil, body)
  end
  at = math.floor(#requests * tonumber(os.getenv("START")))
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
