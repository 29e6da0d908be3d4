kakao.maps.load(function () { new kakao.maps.Map(document.getElementById('map'), {}); });
