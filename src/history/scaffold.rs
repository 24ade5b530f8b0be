//! A generator's output, recognised by what it says: `mastery start`, `nest new`, `go mod init` and a greeting, framework starters.
//! What is in it is nobody's work.

use crate::scaffold;
use bstr::ByteSlice;

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
    let text = content.to_str_lossy().to_lowercase();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty() && !is_comment(l)).collect();
    if lines.is_empty() {
        return if text.trim().is_empty() || !GENERATED_COMMENTS.iter().any(|c| text.contains(c)) {
            Worth::Nothing
        } else {
            Worth::Scaffold
        };
    }
    if lines.len() > SHORT {
        return Worth::Own;
    }
    let name = name.to_ascii_lowercase();
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

fn is_starter(name: &[u8], text: &str, lines: &[&str]) -> bool {
    let has = |words: &[&str]| words.iter().all(|w| text.contains(w));
    let greets =
        text.contains("hello") && text.contains("world") || text.contains("\"hello\"") || text.contains("'hello'");
    // A greeting and little else, in any language.
    if greets && lines.len() <= 16 && !has_state(text) {
        return true;
    }
    match name {
        b"main.ts" | b"main.js" => {
            lines.len() <= 12
                && has(&["nestfactory.create(appmodule", "app.listen("])
                && !["swagger", "useglobal", "enablecors", "helmet", "setglobalprefix", "pino"]
                    .iter()
                    .any(|w| text.contains(w))
        }
        b"app.module.ts" => {
            lines.len() <= 14 && has(&["@module(", "appcontroller", "appservice"]) && imports_nothing(text)
        }
        b"app.controller.ts" | b"app.service.ts" | b"app.controller.spec.ts" | b"app.e2e-spec.ts" => {
            text.contains("gethello") || has(&["hello world", "appmodule"])
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
        b"main.go" => is_empty_go(lines),
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
}
