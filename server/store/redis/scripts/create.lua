local version, expiry, app, user, value = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local current = redis.call('HGET', entry, 'version')
-- Its own version is there when the answer to the first run was lost.
if current and current ~= version then return {'exists'} end
return put(version, expiry, app, user, value)
