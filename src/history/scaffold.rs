//! A generator's output, recognised by what it says: `mastery start`, `nest new`, `go mod init` and a greeting, framework starters.
//! What is in it is nobody's work.

use crate::scaffold;
use bstr::ByteSlice;
use std::cell::LazyCell;

/// What the content of a source or test file amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// Nothing but blanks and comments.
    Nothing,
    /// A generator's output, or a greeting to the world.
    Scaffold,
    /// Somebody's own code.
    Own,
}

/// Longer files are nobody's greeting.
const SHORT: usize = 40;

/// What `content` of the file `name` (without its directory) amounts to.
pub fn worth(name: &[u8], content: &[u8]) -> Worth {
    if content.len() > 16 * 1024 || content.contains(&0) {
        return Worth::Own;
    }
    if is_ours(name, content) {
        return Worth::Scaffold;
    }
    let text = content.to_str_lossy();
    let is_own = |line: &&str| !line.is_empty() && !is_comment(line);
    // The lines of a long text are looked at no further than tells that it is.
    if content.find_iter(b"\n").nth(SHORT - 1).is_some()
        && text.lines().map(str::trim).filter(is_own).nth(SHORT).is_some()
    {
        return Worth::Own;
    }
    let text = text.to_lowercase();
    let own = || text.lines().map(str::trim).filter(is_own);
    if own().next().is_none() {
        return if text.trim().is_empty() || !GENERATED_COMMENTS.iter().any(|c| text.contains(c)) {
            Worth::Nothing
        } else {
            Worth::Scaffold
        };
    }
    let name = name.to_ascii_lowercase();
    // Most texts are told without them.
    let lines = LazyCell::new(|| own().collect());
    if is_starter(&name, &text, &lines) { Worth::Scaffold } else { Worth::Own }
}

/// Whether `mastery start` wrote this, and nobody has touched it since.
pub fn is_ours(name: &[u8], content: &[u8]) -> bool {
    let wrote = |name| content.to_str().is_ok_and(|content| scaffold::wrote(name, content));
    name.to_str().is_ok_and(wrote)
}

fn is_comment(line: &str) -> bool {
    line.starts_with("//")
        || line.starts_with('#') && !line.starts_with("#[")
        || line.starts_with("/*")
        || line.starts_with('*')
}

/// What generators leave behind in files that are otherwise empty.
const GENERATED_COMMENTS: &[&str] = &["create your", "register your models here", "write your", "your code here"];

fn is_starter<'t>(name: &[u8], text: &'t str, lines: &LazyCell<Vec<&'t str>, impl FnOnce() -> Vec<&'t str>>) -> bool {
    let has = |words: &[&str]| words.iter().all(|w| text.contains(w));
    let greets =
        text.contains("hello") && (text.contains("world") || text.contains("\"hello\"") || text.contains("'hello'"));
    // A greeting and little else, in any language.
    if greets && lines.len() <= 16 && !has_state(text) {
        return true;
    }
    match name {
        b"main.ts" | b"main.js" => {
            lines.len() <= 12
                && app_of_nest(text)
                && text.contains("app.listen(")
                && !["swagger", "useglobal", "enablecors", "helmet", "setglobalprefix", "pino"]
                    .iter()
                    .any(|w| text.contains(w))
        }
        b"app.module.ts" => lines.len() <= 14 && has(&["@module(", "appcontroller"]) && imports_nothing(text),
        b"app.controller.ts" | b"app.service.ts" | b"app.controller.spec.ts" | b"app.e2e-spec.ts" => {
            ["gethello", "appservice.root()"].iter().any(|w| text.contains(w))
                || has(&["hello world", "appmodule"])
                || has(&["hello world", "root()"])
        }
        // FastAPI's first steps: the root, and perhaps the item or the greeting of its guide.
        b"main.py" | b"app.py" | b"test_main.http" => {
            text.contains("fastapi")
                && greets
                && text.matches("@app.").count() <= 2
                && lines.len() <= 24
                && !has_state(text)
                || text.contains("flask(__name__)") && greets && text.matches("@app.route").count() <= 1
                || lines.len() <= 4 && text.contains("__main__") && text.contains("print(")
        }
        b"manage.py" => text.contains("django_settings_module"),
        b"wsgi.py" | b"asgi.py" => text.contains("django_settings_module") && lines.len() <= 8,
        b"settings.py" => text.contains("django-insecure"),
        b"apps.py" => text.contains("(appconfig)") && lines.len() <= 5,
        b"admin.py" | b"models.py" | b"views.py" | b"tests.py" => {
            lines.len() == 1 && lines[0].starts_with("from django")
        }
        b"urls.py" => lines.len() <= 5 && text.contains("admin.site.urls"),
        b"main.go" => is_empty_go(lines) || lines.len() <= 12 && has(&["\"gopher\"", "hello and welcome"]),
        b"main.rs" | b"lib.rs" => {
            lines.len() <= 4 && text.contains("println")
                || has(&["pub fn add(left", "left + right"]) && lines.len() <= 16
        }
        b"program.cs" => lines.len() <= 8 && (greets || text.contains("console.writeline") && lines.len() <= 3),
        b"weatherforecast.cs" | b"weatherforecastcontroller.cs" | b"exampletest.php" => true,
        b"index.js" | b"app.js" | b"server.js" | b"index.ts" | b"users.js" | b"www" => {
            has(&["respond with a resource"])
                || has(&["res.render('index', { title: 'express' }"])
                || lines.len() == 1 && text.contains("console.log(")
        }
        b"page.tsx" | b"page.js" => has(&["get started by editing"]),
        b"layout.tsx" | b"layout.js" => has(&["create next app"]),
        _ => {
            name.ends_with(b"application.java") && lines.len() <= 14 && text.contains("springapplication.run")
                || name.ends_with(b"applicationtests.java") && has(&["contextloads"]) && lines.len() <= 14
                || (name.ends_with(b".ex") || name.ends_with(b".exs")) && greets && text.contains(":world")
                || name.ends_with(b".controller.ts") && lines.len() <= 5 && text.trim_end().ends_with("{}")
                || name.ends_with(b".service.ts") && lines.len() <= 4 && text.trim_end().ends_with("{}")
                || name.ends_with(b".service.ts") && has(&["this action returns all", "this action removes a #${id}"])
                || (name.ends_with(b".controller.spec.ts") || name.ends_with(b".service.spec.ts")) && is_nest_spec(text)
        }
    }
}

/// Whether a short file that greets also keeps or looks up anything.
fn has_state(text: &str) -> bool {
    ["database", "redis", "select ", "insert ", "mutex", "class ", "struct ", "post(", "delete(", "put("]
        .iter()
        .any(|w| text.contains(w))
        && !text.contains("class appcontroller")
        && !text.contains("class appservice")
        && !text.contains("class program")
        && !text.contains("class main")
        && !text.contains("class hello")
}

/// `NestFactory.create(AppModule)`, in the words of any version.
fn app_of_nest(text: &str) -> bool {
    text.contains("nestfactory.create(appmodule") || text.contains("nestfactory.create(applicationmodule")
}

fn imports_nothing(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    compact.contains("imports:[],") || !compact.contains("imports:")
}

/// The spec that `nest generate` writes: one case, which says that the thing is defined.
fn is_nest_spec(text: &str) -> bool {
    text.matches("it(").count() == 1 && text.contains("should be defined")
}

/// `package main` with an empty `main`, or one that prints a line.
fn is_empty_go(lines: &[&str]) -> bool {
    lines.len() <= 8
        && lines.iter().all(|l| {
            l.starts_with("package ")
                || l.starts_with("import")
                || l.starts_with("func main()")
                || l.contains("println(")
                || l.contains("printf(")
                || matches!(*l, "}" | ")" | "{")
                || l.starts_with('"')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEST_CONTROLLER: &str = "import { Controller, Get } from '@nestjs/common';\nimport { AppService } from './app.service';\n\n@Controller()\nexport class AppController {\n  constructor(private readonly appService: AppService) {}\n\n  @Get()\n  getHello(): string {\n    return this.appService.getHello();\n  }\n}\n";
    const NEST_SPEC: &str = "import { Test, TestingModule } from '@nestjs/testing';\nimport { AppController } from './app.controller';\n\ndescribe('AppController', () => {\n  it('should return \"Hello World!\"', () => {\n    expect(appController.getHello()).toBe('Hello World!');\n  });\n});\n";

    #[test]
    fn what_nest_new_writes_is_a_scaffold_in_every_version() {
        let main = |port: &str| {
            format!(
                "import {{ NestFactory }} from '@nestjs/core';\nimport {{ AppModule }} from './app.module';\n\nasync function bootstrap() {{\n  const app = await NestFactory.create(AppModule);\n  await app.listen({port});\n}}\nbootstrap();\n"
            )
        };
        for text in [main("3000"), main("process.env.PORT ?? 3000")] {
            assert_eq!(worth(b"main.ts", text.as_bytes()), Worth::Scaffold);
        }
        assert_eq!(worth(b"app.controller.ts", NEST_CONTROLLER.as_bytes()), Worth::Scaffold);
        assert_eq!(worth(b"app.controller.spec.ts", NEST_SPEC.as_bytes()), Worth::Scaffold);
        let module = "import { Module } from '@nestjs/common';\nimport { AppController } from './app.controller';\nimport { AppService } from './app.service';\n\n@Module({\n  imports: [],\n  controllers: [AppController],\n  providers: [AppService],\n})\nexport class AppModule {}\n";
        assert_eq!(worth(b"app.module.ts", module.as_bytes()), Worth::Scaffold);
        let own = module.replace("imports: []", "imports: [LimiterModule]");
        assert_eq!(worth(b"app.module.ts", own.as_bytes()), Worth::Own);
    }

    #[test]
    fn a_greeting_is_nobodys_work_and_a_health_endpoint_is_somebodys() {
        let go = "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"Hello, world\")\n}\n";
        assert_eq!(worth(b"main.go", go.as_bytes()), Worth::Scaffold);
        assert_eq!(worth(b"main.go", b"package main\n\nfunc main() {\n}\n"), Worth::Scaffold);
        let fastapi = "from fastapi import FastAPI\n\napp = FastAPI()\n\n@app.get(\"/\")\nasync def root():\n    return {\"message\": \"Hello World\"}\n\n@app.get(\"/hello/{name}\")\nasync def hi(name: str):\n    return {\"message\": f\"Hello {name}\"}\n";
        assert_eq!(worth(b"main.py", fastapi.as_bytes()), Worth::Scaffold);
        let own = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/health\", health)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";
        assert_eq!(worth(b"main.go", own.as_bytes()), Worth::Own);
    }

    #[test]
    fn what_says_nothing_is_worth_nothing() {
        assert_eq!(worth(b"__init__.py", b"\n# nothing here\n"), Worth::Nothing);
        assert_eq!(
            worth(b"tests.py", b"from django.test import TestCase\n\n# Create your tests here.\n"),
            Worth::Scaffold
        );
        assert_eq!(worth(b"limiter.spec.ts", b"it('limits', () => { expect(take(3)).toBe(false); });"), Worth::Own);
    }

    /// Files as `nest new` wrote them over the years, one row a wording.
    const NEST: &[(&str, &str)] = &[
        // 4: no service yet, and the module has another name.
        (
            "main.ts",
            "import { NestFactory } from '@nestjs/core';\nimport { ApplicationModule } from './app.module';\n\nasync function bootstrap() {\n\tconst app = await NestFactory.create(ApplicationModule);\n\tawait app.listen(3000);\n}\nbootstrap();\n",
        ),
        (
            "app.controller.ts",
            "import { Get, Controller } from '@nestjs/common';\n\n@Controller()\nexport class AppController {\n\t@Get()\n\troot(): string {\n    return 'Hello World!';\n  }\n}\n",
        ),
        (
            "app.module.ts",
            "import { Module } from '@nestjs/common';\nimport { AppController } from './app.controller';\n\n@Module({\n  imports: [],\n  controllers: [AppController],\n  components: [],\n})\nexport class ApplicationModule {}\n",
        ),
        // 5: a service, and `root()`.
        (
            "app.controller.ts",
            "import { Get, Controller } from '@nestjs/common';\nimport { AppService } from './app.service';\n\n@Controller()\nexport class AppController {\n  constructor(private readonly appService: AppService) {}\n\n  @Get()\n  root(): string {\n    return this.appService.root();\n  }\n}\n",
        ),
        (
            "app.service.ts",
            "import { Injectable } from '@nestjs/common';\n\n@Injectable()\nexport class AppService {\n  root(): string {\n    return 'Hello World!';\n  }\n}\n",
        ),
        (
            "app.controller.spec.ts",
            "import { Test, TestingModule } from '@nestjs/testing';\nimport { INestApplication } from '@nestjs/common';\nimport { AppController } from './app.controller';\nimport { AppService } from './app.service';\n\ndescribe('AppController', () => {\n  let app: TestingModule;\n\n  beforeAll(async () => {\n    app = await Test.createTestingModule({\n      controllers: [AppController],\n      providers: [AppService],\n    }).compile();\n  });\n\n  describe('root', () => {\n    it('should return \"Hello World!\"', () => {\n      const appController = app.get<AppController>(AppController);\n      expect(appController.root()).toBe('Hello World!');\n    });\n  });\n});\n",
        ),
        // 6 to 11: `getHello()`.
        (
            "app.controller.ts",
            "import { Controller, Get } from '@nestjs/common';\nimport { AppService } from './app.service';\n\n@Controller()\nexport class AppController {\n  constructor(private readonly appService: AppService) {}\n\n  @Get()\n  getHello(): string {\n    return this.appService.getHello();\n  }\n}\n",
        ),
        (
            "app.service.ts",
            "import { Injectable } from '@nestjs/common';\n\n@Injectable()\nexport class AppService {\n  getHello(): string {\n    return 'Hello World!';\n  }\n}\n",
        ),
        (
            "app.e2e-spec.ts",
            "import { INestApplication } from '@nestjs/common';\nimport { Test } from '@nestjs/testing';\nimport request from 'supertest';\nimport { App } from 'supertest/types';\nimport { AppModule } from './../src/app.module';\n\ndescribe('AppController (e2e)', () => {\n  let app: INestApplication<App>;\n\n  beforeAll(async () => {\n    const moduleFixture = await Test.createTestingModule({\n      imports: [AppModule],\n    }).compile();\n\n    app = moduleFixture.createNestApplication();\n    await app.init();\n  });\n\n  afterAll(async () => {\n    await app.close();\n  });\n\n  it('/ (GET)', () => {\n    return request(app.getHttpServer())\n      .get('/')\n      .expect(200)\n      .expect('Hello World!');\n  });\n});\n",
        ),
        // 10 and 11.
        (
            "main.ts",
            "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\n\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(process.env.PORT ?? 3000);\n}\nvoid bootstrap();\n",
        ),
        // `nest generate resource`.
        (
            "links.service.ts",
            "import { Injectable } from '@nestjs/common';\nimport { CreateLinkDto } from './dto/create-link.dto';\nimport { UpdateLinkDto } from './dto/update-link.dto';\n\n@Injectable()\nexport class LinksService {\n  create(createLinkDto: CreateLinkDto) {\n    return 'This action adds a new link';\n  }\n\n  findAll() {\n    return `This action returns all links`;\n  }\n\n  findOne(id: number) {\n    return `This action returns a #${id} link`;\n  }\n\n  update(id: number, updateLinkDto: UpdateLinkDto) {\n    return `This action updates a #${id} link`;\n  }\n\n  remove(id: number) {\n    return `This action removes a #${id} link`;\n  }\n}\n",
        ),
    ];

    #[test]
    fn nest_new_of_every_version_is_a_scaffold_and_one_change_makes_it_ones_own() {
        for (name, text) in NEST {
            assert_eq!(worth(name.as_bytes(), text.as_bytes()), Worth::Scaffold, "{name}: {text}");
        }
        let own = NEST[6]
            .1
            .replace("this.appService.getHello()", "this.appService.remaining('client')")
            .replace("getHello", "left");
        assert_eq!(worth(b"app.controller.ts", own.as_bytes()), Worth::Own);
    }

    #[test]
    fn what_go_and_python_tools_begin_with_is_a_scaffold() {
        let goland = "package main\n\nimport (\n\t\"fmt\"\n)\n\n//TIP To run your code, right-click the code and select <b>Run</b>.\n\nfunc main() {\n\t//TIP Press <shortcut actionId=\"ShowIntentionActions\"/> when your caret is at the underlined text\n\ts := \"gopher\"\n\tfmt.Printf(\"Hello and welcome, %s!\\n\", s)\n\n\tfor i := 1; i <= 5; i++ {\n\t\tfmt.Println(\"i =\", 100/i)\n\t}\n}\n";
        let uv = "def main():\n    print(\"Hello from limiter!\")\n\n\nif __name__ == \"__main__\":\n    main()\n";
        let first_steps = "from typing import Union\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/\")\ndef read_root():\n    return {\"Hello\": \"World\"}\n\n\n@app.get(\"/items/{item_id}\")\ndef read_item(item_id: int, q: Union[str, None] = None):\n    return {\"item_id\": item_id, \"q\": q}\n";
        let pycharm = "# This is a sample Python script.\n\n\ndef print_hi(name):\n    # Use a breakpoint in the code line below to debug your script.\n    print(f'Hi, {name}')  # Press Ctrl+F8 to toggle the breakpoint.\n\n\n# Press the green button in the gutter to run the script.\nif __name__ == '__main__':\n    print_hi('PyCharm')\n";
        for (name, text) in [("main.go", goland), ("main.py", uv), ("main.py", first_steps), ("main.py", pycharm)] {
            assert_eq!(worth(name.as_bytes(), text.as_bytes()), Worth::Scaffold, "{text}");
        }
        let own = first_steps.replace("{\"Hello\": \"World\"}", "{\"left\": limiter.left()}");
        assert_eq!(worth(b"main.py", own.as_bytes()), Worth::Own);
    }
}
