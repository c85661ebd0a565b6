using Lambent.Cli.Sources;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Sources;

public sealed class PythonDefinitionsTests
{
    [Theory]
    [InlineData("def handler(event, context):\n    return 1\n", "handler", "")]
    [InlineData("import os\n\ndef a():\n    def inner(): pass\n\nclass B:\n    def c(self): pass\n\ndef d(): pass",
        "a,d", "os")]
    [InlineData("\"\"\"Docs\n\ndef handler(): not code\n\"\"\"\n\ndef real(event, context): pass", "real", "")]
    [InlineData("x = '''\ndef no(): pass\n''' + \"'''\"\ndef yes(): pass", "yes", "x")]
    [InlineData("from app.core import run as handler, other\nimport json as j", "", "handler,other,j")]
    [InlineData("handler = make()\nvalue == 3\n", "", "handler")]
    [InlineData("# def no(): pass\r\ndef yes(event, context):\r\n    pass\r\n", "yes", "")]
    [InlineData("async def handler(event, context): pass", "", "")]
    [InlineData("", "", "")]
    public void Scan_source_findsTheTopLevelNames(string source, string functions, string others)
    {
        var (foundFunctions, foundOthers) = PythonDefinitions.Scan(source);
        string.Join(',', foundFunctions).ShouldBe(functions);
        string.Join(',', foundOthers).ShouldBe(others);
    }
}
