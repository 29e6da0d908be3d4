# A Django server that answers whom the guide's code knows; the code stands in front of this file,
# and in it. It prints where it listens.
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

INSTALLED_APPS, MIDDLEWARE = [], []
# GUIDE
settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="of this test",
    INSTALLED_APPS=INSTALLED_APPS, MIDDLEWARE=MIDDLEWARE, CORS_ALLOWED_ORIGINS=CORS_ALLOWED_ORIGINS,
)


def orders(request):
    try:
        return JsonResponse({"id": user_id(request)})
    except jwt.PyJWTError:
        return JsonResponse({"error": "login_required"}, status=401)


urlpatterns = [path("orders", orders)]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


server = make_server("127.0.0.1", 0, get_wsgi_application(), Server)
print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
