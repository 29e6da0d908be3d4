local current = redis.call('HGET', entry, 'version')
-- Its own version is there when the answer to the first run was lost.
if current and current ~= version then return {'exists'} end
return put()
