local version, expiry, app, user, value, expected = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local current = redis.call('HGET', entry, 'version')
if not current then return {'not found'} end
-- Its own version is there when the answer to the first run was lost.
if current ~= expected and current ~= version then return {'conflict'} end
return put(version, expiry, app, user, value)
