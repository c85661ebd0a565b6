using Lambent.Cli.Sources;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Sources;

public sealed class JavaScriptExportsTests
{
    [Theory]
    [InlineData("exports.handler = async (event) => 1;", "handler")]
    [InlineData("module.exports.handler = handler;", "handler")]
    [InlineData("module.exports = { handler };", "handler")]
    [InlineData("module.exports = { handler, other: () => ({ inner: 1 }), async third() { return { no: 1 }; } };",
        "handler,other,third")]
    [InlineData("export const handler = async () => 1;", "handler")]
    [InlineData("export async function handler(event) {}", "handler")]
    [InlineData("export function* stream() {}", "stream")]
    [InlineData("const run = () => 1;\nexport { run as handler, x };", "handler,x")]
    [InlineData("export default async () => 1;", "")]
    [InlineData("module.exports = async () => 1;", "")]
    [InlineData("// exports.handler = 1\n/* export const handler = 1 */", "")]
    [InlineData("const text = \"exports.handler = 1\"; const t = `export const handler = ${ { a: `}` } }`;", "")]
    [InlineData("const pattern = /exports.handler = '/; exports.main = () => 1;", "main")]
    [InlineData("if (exports.handler == null) {}", "")]
    [InlineData("Object.defineProperty(exports, \"__esModule\", { value: true });\nexports.handler = void 0;\n"
        + "const handler = async () => 1;\nexports.handler = handler;", "handler")]
    [InlineData("Object.defineProperty(exports, \"handler\", { enumerable: true, get: function () {} });", "handler")]
    [InlineData("var x_exports = {};\n__export(x_exports, { handler: () => handler });\n"
        + "module.exports = __toCommonJS(x_exports);\n0 && (module.exports = { handler });", "handler")]
    [InlineData("#!/usr/bin/env node\nexports.handler = 1", "handler")]
    [InlineData("const half = a / b; exports.handler = () => c / d;", "handler")]
    [InlineData("exports.handler = \"unclosed", "handler")]
    [InlineData("", "")]
    public void Scan_source_findsTheExportedNames(string source, string expected) =>
        string.Join(',', JavaScriptExports.Scan(source).Names).ShouldBe(expected);

    [Theory]
    [InlineData("import fs from 'node:fs';\nexports.x = 1", true)]
    [InlineData("export const x = 1", true)]
    [InlineData("const fs = require('fs'); exports.x = async () => import('y');", false)]
    [InlineData("const x = { import: 1, export: 2 }; exports.import = x.import;", false)]
    public void Scan_source_tellsTheModuleSystem(string source, bool expected) =>
        JavaScriptExports.Scan(source).UsesImportSyntax.ShouldBe(expected);
}
