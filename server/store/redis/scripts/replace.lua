local expected = ARGV[7]
local lease, holder, channel = KEYS[3], ARGV[8], ARGV[9] -- none where the lease is kept
local current = redis.call('HGET', entry, 'version')
if not current then return {'not found'} end
-- Its own version is there when the answer to the first run was lost.
if current ~= expected and current ~= version then return {'conflict'} end
local stored = put()
if lease then
  local found = redis.call('HMGET', lease, 'holder', 'awaited')
  if found[1] == holder then
    redis.call('DEL', lease)
    if found[2] then redis.call('PUBLISH', channel, '') end
  end
end
return stored
