"""The same entries in Wagtail, for `cargo xtask bench pages`: a site as its tutorial makes one, in one file.

    python wagtail_site.py fill            # database and pages out of entries.jsonl
    python wagtail_site.py plain PORT      # serves them with gunicorn, two workers
    python wagtail_site.py cached PORT     # the same behind Django's page cache

GONGKAI_BENCH_FOLDER names the folder with entries.jsonl; the database comes to stand beside it.
"""

import json
import os
import sys

FOLDER = os.environ["GONGKAI_BENCH_FOLDER"]
sys.path.insert(0, FOLDER)
os.makedirs(f"{FOLDER}/bench_migrations", exist_ok=True)
open(f"{FOLDER}/bench_migrations/__init__.py", "a").close()
CACHED = os.environ.get("GONGKAI_BENCH_CACHED") == "1"

BASE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ page.title }}</title></head><body>
<header><a href="/">青禾区政府信息公开</a><nav>{% for one in page.get_ancestors %}<a href="{{ one.url }}">{{ one.title }}</a>
{% endfor %}</nav></header><main><h1>{{ page.title }}</h1><dl><dt>成文日期</dt><dd>{{ page.made_on }}</dd></dl>
{{ page.body|safe }}</main><footer>青禾区人民政府办公室</footer></body></html>"""

# The model has to stand in a module of its own name, as an application does.
if __name__ == "__main__":
    sys.modules["wagtail_site"] = sys.modules["__main__"]
    __name__ = "wagtail_site"

import django
from django.conf import settings

cache = ["django.middleware.cache.UpdateCacheMiddleware"] if CACHED else []
fetch = ["django.middleware.cache.FetchFromCacheMiddleware"] if CACHED else []
if not settings.configured:
    settings.configure(
        DEBUG=False,
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="wagtail_site",
        WSGI_APPLICATION="wagtail_site.application",
        USE_TZ=True,
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/wagtail.db"}},
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10**6}}},
        CACHE_MIDDLEWARE_SECONDS=3600,
        INSTALLED_APPS=[
            "wagtail_site",
            "wagtail.sites",
            "wagtail.users",
            "wagtail.images",
            "wagtail.documents",
            "wagtail.admin",
            "wagtail.search",
            "wagtail",
            "taggit",
            "modelcluster",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        MIDDLEWARE=cache
        + [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ]
        + fetch,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", {"entry.html": BASE})])],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        WAGTAIL_SITE_NAME="青禾区",
        WAGTAILADMIN_BASE_URL="http://127.0.0.1",
        MIGRATION_MODULES={"wagtail_site": "bench_migrations"},
    )
    django.setup()

from django.db import models
from django.urls import include, path
from wagtail.models import Page


class Entry(Page):
    body = models.TextField()
    made_on = models.DateField()
    template = "entry.html"

    class Meta:
        app_label = "wagtail_site"


urlpatterns = [path("", include("wagtail.urls"))]

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def step(number):
    """A step of a path in the tree of pages: four digits to the base 36."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join(digits[number // 36**place % 36] for place in (3, 2, 1, 0))


def fill():
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command
    from django.db import connection, transaction
    from wagtail.models import Locale, Site

    call_command("makemigrations", "wagtail_site", verbosity=0)
    call_command("migrate", verbosity=0)
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth__gt=1).delete()
    root.refresh_from_db()
    home = Entry(title="公开目录", slug="home", body="目录", made_on="2026-01-01")
    root.add_child(instance=home)
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    kind = ContentType.objects.get_for_model(Entry)
    locale = Locale.objects.first()
    with open(f"{FOLDER}/entries.jsonl", encoding="utf-8") as lines:
        made = [json.loads(line) for line in lines]
    first = Page.objects.order_by("-pk").first().pk + 1
    pages, entries = [], []
    for number, one in enumerate(made):
        place = home.path + step(number + 1)
        shared = dict(id=first + number, path=place, depth=home.depth + 1, title=one["title"], draft_title=one["title"],
                      slug=f"e{number}", url_path=f"{home.url_path}e{number}/", content_type=kind, locale=locale, live=True)
        pages.append(Page(**shared))
        entries.append((first + number, one["body"], one["made_on"]))
    with transaction.atomic(), connection.cursor() as cursor:
        Page.objects.bulk_create(pages, batch_size=500)
        cursor.executemany("INSERT INTO wagtail_site_entry (page_ptr_id, body, made_on) VALUES (%s, %s, %s)", entries)
        Page.objects.filter(pk=home.pk).update(numchild=len(made))


if __name__ == "wagtail_site" and len(sys.argv) > 1 and sys.argv[0].endswith("wagtail_site.py"):
    if sys.argv[1] == "fill":
        fill()
    else:
        os.environ["GONGKAI_BENCH_CACHED"] = "1" if sys.argv[1] == "cached" else "0"
        here = os.path.dirname(os.path.abspath(__file__))
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--chdir", here, "--workers", "2", "--keep-alive", "60",
                                  "--worker-class", "gthread", "--threads", "8", "--bind", f"127.0.0.1:{sys.argv[2]}", "wagtail_site:application"])
