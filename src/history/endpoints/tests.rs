//! Hand-counted sources: every endpoint, and no false one.

use super::{are_the_same, declared, endpoints};
use bstr::BStr;
use proptest::prelude::*;

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter().map(|(path, text)| (BStr::new(path.as_bytes()), text.as_bytes()));
    endpoints(files).iter().map(|e| format!("{} {}", e.method, e.path)).collect()
}

#[test]
fn nestjs_controllers_with_prefixes_versions_and_lists() {
    let main = "const app = await NestFactory.create(AppModule);\napp.setGlobalPrefix('api');\napp.enableVersioning({ type: VersioningType.URI });";
    let users = r#"
        // @Get('comment')
        @ApiTags('users')
        @Controller({ path: 'users', version: '1' })
        export class UsersController {
          constructor(private readonly http: HttpService) {}
          @Get() findAll() { return this.http.get('/not-a-route', {}); }
          @Get(':id') findOne(@Param('id', ParseIntPipe) id: number) {}
          @Post() @HttpCode(201) create(@Body() dto: CreateUserDto) { const text = "@Post('quoted')"; }
          @Delete(':id') remove() {}
          @Get(ROUTES.dynamic) dynamic() {}
          @Get(`${base}/x`) template() {}
        }
        @Controller(['health', 'status'])
        export class HealthController { @All() any() {} }
        export class NoController { @Get('nowhere') x() {} }
    "#;
    assert_eq!(
        found(&[("src/main.ts", main), ("src/users.controller.ts", users)]),
        [
            "ANY /api/health",
            "ANY /api/status",
            "GET /api/v1/users",
            "POST /api/v1/users",
            "DELETE /api/v1/users/{id}",
            "GET /api/v1/users/{id}"
        ]
    );
}

#[test]
fn express_routers_across_files_and_no_settings_or_clients() {
    let app = r"
        import express from 'express';
        import users from './routes/users';
        const app = express();
        const cache = new Map();
        app.get('env');
        cache.get('/cached', 1);
        axios.get('/remote', {});
        app.get('/health', (req, res) => res.send(/\/get('x', y)/.test(req.url)));
        app.use('/api/users', auth, users);
        app.use(express.json());
    ";
    let users = "const { Router } = require('express');\nconst router = Router();\nrouter.get('/', list);\nrouter.route('/:id(\\\\d+)').get(one).put(put);\nmodule.exports = router;";
    assert_eq!(
        found(&[("src/app.ts", app), ("src/routes/users.ts", users)]),
        ["GET /api/users", "GET /api/users/{id}", "PUT /api/users/{id}", "GET /health"]
    );
}

#[test]
fn gin_groups_and_functions_that_take_them() {
    let main = r#"package main
        func main() {
            r := gin.Default()
            r.GET("/health", health)
            api := r.Group("/api/v1")
            {
                api.GET("/users", list)
                users := api.Group("/users")
                users.POST("", create)
            }
            handlers.RegisterOrders(api.Group("/orders"), db)
            resp, err := http.Get("https://example.com/x")
            c.Get("/not-a-route", 1)
            r.Run(":8080")
        }"#;
    let orders = "package handlers\nfunc RegisterOrders(rg *gin.RouterGroup, db *sql.DB) {\n rg.GET(\"/:id\", one)\n rg.Handle(\"DELETE\", \"/:id\", remove)\n}\n";
    assert_eq!(
        found(&[("main.go", main), ("handlers/orders.go", orders)]),
        [
            "DELETE /api/v1/orders/{id}",
            "GET /api/v1/orders/{id}",
            "GET /api/v1/users",
            "POST /api/v1/users",
            "GET /health"
        ]
    );
}

#[test]
fn chi_nests_routers_in_functions_and_mounts_others() {
    let main = r#"package main
        func routes() http.Handler {
            r := chi.NewRouter()
            r.Use(middleware.Logger)
            r.Route("/users", func(r chi.Router) {
                r.Get("/", list)
                r.Route("/{id:[0-9]+}", func(r chi.Router) {
                    r.With(auth).Delete("/", remove)
                })
            })
            r.Group(func(r chi.Router) { r.Post("/login", login) })
            r.Mount("/admin", adminRouter())
            return r
        }
        func adminRouter() chi.Router {
            r := chi.NewRouter()
            r.Get("/stats", stats)
            return r
        }"#;
    assert_eq!(found(&[("main.go", main)]), ["GET /admin/stats", "POST /login", "GET /users", "DELETE /users/{id}"]);
}

#[test]
fn a_slash_at_the_end_is_all_below_for_net_http_and_itself_for_gorilla() {
    let plain = "package main\nimport \"net/http\"\nfunc main() {\n\tmux := http.NewServeMux()\n\tmux.HandleFunc(\"/products\", all)\n\tmux.HandleFunc(\"/products/\", one)\n\tmux.HandleFunc(\"/\", home)\n}";
    assert_eq!(found(&[("main.go", plain)]), ["ANY /", "ANY /products", "ANY /products/{rest}"]);
    let gorilla = "package main\nimport \"github.com/gorilla/mux\"\nfunc main() {\n\tr := mux.NewRouter()\n\tr.HandleFunc(\"/products/\", all)\n}";
    assert_eq!(found(&[("main.go", gorilla)]), ["ANY /products"]);
}

#[test]
fn net_http_gorilla_fiber_and_echo() {
    let std = "func main() {\n mux := http.NewServeMux()\n mux.HandleFunc(\"GET /items/{id}\", get)\n mux.Handle(\"/legacy/\", h)\n http.HandleFunc(\"/root\", h)\n}";
    let gorilla = "func main() {\n r := mux.NewRouter().StrictSlash(true)\n api := r.PathPrefix(\"/api\").Subrouter()\n api.HandleFunc(\"/x\", h).Methods(\"GET\", http.MethodPost)\n}";
    let fiber =
        "func setup(app *fiber.App) {\n v1 := app.Group(\"/v1\", logger)\n v1.Get(\"/a\", h)\n app.All(\"/b\", h)\n}";
    let echo =
        "type Server struct {\n router *echo.Echo\n}\nfunc (s *Server) routes() {\n s.router.PUT(\"/e/:id\", s.put)\n}";
    assert_eq!(found(&[("std.go", std)]), ["GET /items/{id}", "ANY /legacy/{rest}", "ANY /root"]);
    assert_eq!(found(&[("gorilla.go", gorilla)]), ["GET /api/x", "POST /api/x"]);
    assert_eq!(found(&[("fiber.go", fiber)]), ["ANY /b", "GET /v1/a"]);
    assert_eq!(found(&[("echo.go", echo)]), ["PUT /e/{id}"]);
}

#[test]
fn methods_of_one_name_go_with_the_receiver_that_they_are_called_on() {
    let main = "func main() {\n r := gin.New()\n userHandler.Register(r.Group(\"/users\"))\n orderHandler.Register(r.Group(\"/orders\"))\n}";
    let handlers = "func (h *UserHandler) Register(g *gin.RouterGroup) { g.GET(\"/u\", h.x) }\nfunc (h *OrderHandler) Register(g *gin.RouterGroup) { g.GET(\"/o\", h.x) }";
    assert_eq!(found(&[("main.go", main), ("h.go", handlers)]), ["GET /orders/o", "GET /users/u"]);
}

#[test]
fn fastapi_routers_with_prefixes_on_both_sides() {
    let main = "from fastapi import FastAPI\nfrom .routers import users, items as things\nfrom app.auth import router as auth_router\n\napp = FastAPI()\napp.include_router(users.router, prefix=\"/api\")\napp.include_router(things.router)\napp.include_router(auth_router, prefix='/auth', tags=['a'])\n\n@app.get(\"/health\")\nasync def health():\n    \"\"\"@app.get('/doc')\"\"\"\n    return requests.get(\"/not\", {})\n";
    let users = "router = APIRouter(prefix=\"/users\", tags=[\"users\"])\n\n@router.get(\"\")\ndef all(): ...\n\n@router.get(\"/{user_id}\")\ndef one(user_id: int): ...\n\n@router.api_route(\"/x\", methods=[\"PUT\", \"PATCH\"])\ndef x(): ...\n";
    let items = "from fastapi import APIRouter\nrouter = APIRouter()\n# @router.get('/comment')\n@router.post('/items')\ndef make(): ...\n";
    let auth = "import fastapi\nrouter = fastapi.APIRouter()\n@router.post('/login')\ndef login(): ...\n";
    assert_eq!(
        found(&[
            ("app/main.py", main),
            ("app/routers/users.py", users),
            ("app/routers/items.py", items),
            ("app/auth.py", auth)
        ]),
        [
            "GET /api/users",
            "PATCH /api/users/x",
            "PUT /api/users/x",
            "GET /api/users/{user_id}",
            "POST /auth/login",
            "GET /health",
            "POST /items"
        ]
    );
}

#[test]
fn flask_blueprints_and_django_patterns() {
    let flask = "app = Flask(__name__)\nbp = Blueprint('users', __name__, url_prefix='/users')\nadmin = Blueprint('admin', __name__, url_prefix='/old')\n@bp.route('/<int:id>', methods=['GET', 'DELETE'])\ndef one(id): ...\n@admin.get('/stats')\ndef stats(): ...\n@app.route('/')\ndef home(): ...\napp.register_blueprint(bp)\napp.register_blueprint(admin, url_prefix='/admin')\n";
    assert_eq!(found(&[("app.py", flask)]), ["GET /", "GET /admin/stats", "DELETE /users/{id}", "GET /users/{id}"]);
    let root = "urlpatterns = [\n    path('admin/', admin.site.urls),\n    path('api/', include('shop.urls')),\n]\n";
    let shop = "urlpatterns = [path('items/<int:pk>/', views.item), path('', views.home)]\n";
    assert_eq!(found(&[("site/urls.py", root), ("shop/urls.py", shop)]), ["ANY /api", "ANY /api/items/{pk}"]);
}

#[test]
fn the_same_endpoint_in_three_languages_has_one_key() {
    let key = |path: &str, text: &str| endpoints([(BStr::new(path.as_bytes()), text.as_bytes())])[0].key();
    let nest = key("a.ts", "@Controller('users') class A { @Get(':id') x() {} }");
    let go = key("a.go", "func f(r chi.Router) { r.Get(\"/users/{userID}\", x) }");
    let python = key("a.py", "app = FastAPI()\n@app.get('/users/{user_id}')\ndef x(): ...\n");
    assert!(nest == go && go == python, "{nest:?} {go:?} {python:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_source_is_read_without_a_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "@", "Controller", "Get", "(", ")", "{", "}", "[", "]", ",", ".", "'x'", "\"/y\"", "`", "${", "=", ":", "func", "r", "chi", "Router", "Route",
        "Group", "gin", "Default", "app", "express", "use", "get", "route", "import", "from", "path", "urlpatterns", "FastAPI", "APIRouter", "\n", " ",
        "include_router", "return", "struct", "class", "/", "\\", "#", "//", "/*", "\"\"\"", "f\"", "é", "type",
    ]), 0..60)) {
        let text = pieces.join(" ");
        for name in ["a.ts", "a.go", "a.py"] {
            let _ = endpoints([(BStr::new(name), text.as_bytes()), (BStr::new("urls.py"), text.as_bytes())]);
        }
    }
}

/// Files of three tracks that declare endpoints together, and lines that stand in any of them.
const TRACKS: [&[(&str, &str)]; 3] = [
    &[
        (
            "main.go",
            "package main\nimport \"net/http\"\nfunc main() {\nr := newRouter()\nregister(r)\nhttp.ListenAndServe(\":80\", r)\n}\n",
        ),
        (
            "router.go",
            "package main\nimport \"github.com/go-chi/chi\"\nfunc newRouter() *chi.Mux {\nr := chi.NewRouter()\nr.Get(\"/a\", a)\nreturn r\n}\n",
        ),
        ("users.go", "package main\nfunc register(r chi.Router) {\nr.Get(\"/users\", users)\n}\nfunc users() {}\n"),
        ("plain.go", "package main\nfunc limit(n int) bool {\nreturn n > 3\n}\nfunc setUp() {\n}\n"),
        ("start.go", "package main\nfunc start() {\nr := newRouter()\nregister(r)\nr.Post(\"/b\", b)\n}\n"),
    ],
    &[
        (
            "app/main.py",
            "from fastapi import FastAPI\nfrom app.users import router\napp = FastAPI()\napp.include_router(router, prefix=\"/v1\")\n",
        ),
        (
            "app/users.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get(\"/users\")\ndef users(): ...\n",
        ),
        ("app/plain.py", "def limit(n):\n    return n > 3\nx = 1\n@cached\ndef y(): ...\n"),
        ("app/urls.py", "urlpatterns = [path('a/', view)]\n"),
    ],
    &[
        (
            "src/main.ts",
            "const app = express();\nimport users from './users';\napp.use('/v1', users);\napp.listen(80);\n",
        ),
        ("src/users.ts", "const router = Router();\nrouter.get('/users', f);\nexport default router;\n"),
        ("src/plain.ts", "export function limit(n: number) {\nreturn n > 3;\n}\nmap.get('/k', 1);\n"),
        ("src/c.ts", "@Controller('x')\nexport class C {\n@Get(':id') one() {}\n}\napp.setGlobalPrefix('api');\n"),
    ],
];

#[test]
fn where_a_change_is_said_to_leave_the_endpoints_as_they_are_it_does() {
    let mut number = 7u64;
    let mut below = |limit: usize| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(number >> 33).unwrap() % limit
    };
    let of = |files: &[(&str, String)]| declared(files.iter().map(|(p, t)| (BStr::new(p.as_bytes()), t.as_bytes())));
    let (mut same, mut changed) = (0, 0);
    for track in TRACKS {
        let lines: Vec<&str> = track.iter().flat_map(|(_, text)| text.lines()).collect();
        for _ in 0..4000 {
            let mut files: Vec<(&str, String)> = track.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
            // What other files say differs as well.
            for _ in 0..2 {
                let at = below(files.len());
                let mut all: Vec<&str> = files[at].1.lines().collect();
                if below(2) > 0 {
                    all.insert(below(all.len() + 1), lines[below(lines.len())]);
                } else {
                    _ = all.pop();
                }
                files[at].1 = all.join("\n");
            }
            let before = of(&files);
            let at = below(files.len());
            let old = files[at].1.clone();
            let mut all: Vec<&str> = old.lines().collect();
            if below(3) > 0 || all.is_empty() {
                all.insert(below(all.len() + 1), lines[below(lines.len())]);
            } else {
                all.remove(below(all.len()));
            }
            let new = all.join("\n");
            let path = BStr::new(files[at].0.as_bytes());
            let is_same = are_the_same(path, old.as_bytes(), new.as_bytes(), &before.makers);
            files[at].1 = new;
            let after = of(&files);
            let keys =
                |declared: &super::Declared| declared.endpoints.iter().map(super::Endpoint::key).collect::<Vec<_>>();
            if is_same {
                assert_eq!((keys(&before), &before.makers), (keys(&after), &after.makers), "{files:?} was {old:?}");
                same += 1;
            } else {
                changed += usize::from(keys(&before) != keys(&after));
            }
        }
    }
    assert!(same > 1000 && changed > 1000, "{same} the same, {changed} changed");
}
