<?php

return ['default' => 'file', 'prefix' => '', 'stores' => ['file' => ['driver' => 'file', 'path' => __DIR__ . '/../bootstrap/cache/data']]];
