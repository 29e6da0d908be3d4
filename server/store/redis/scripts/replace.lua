local expected = ARGV[7]
local current = redis.call('HGET', entry, 'version')
if not current then return {'not found'} end
-- Its own version is there when the answer to the first run was lost.
if current ~= expected and current ~= version then return {'conflict'} end
return put()
