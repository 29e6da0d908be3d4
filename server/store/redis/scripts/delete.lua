local entry, expected = KEYS[1], ARGV[1] -- 0 is any version
local found = redis.call('HMGET', entry, 'version', 'expiry', 'app', 'user', 'value')
if not found[1] then return {'not found'} end
if expected ~= '0' and expected ~= found[1] then return {'conflict'} end
redis.call('DEL', entry)
return {'deleted', unpack(found)}
