<?php

return ['paths' => [], 'compiled' => __DIR__ . '/../bootstrap/cache'];
