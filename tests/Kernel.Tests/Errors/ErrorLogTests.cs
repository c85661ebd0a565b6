using Lambent.Kernel.Errors;
using Lambent.Kernel.Logs;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Errors;

public sealed class ErrorLogTests
{
    [Theory]
    [InlineData(
        "2026-11-21T22:00:00.000Z\tid-1\tERROR\tTypeError: x is not a function\n    at go (/var/task/index.js:3:4)\n",
        "TypeError", "x is not a function", "go")]
    [InlineData(
        "2026-11-21T22:00:00.000Z\tid-1\tERROR\tInvoke Error \t{\"errorType\":\"TypeError\",\"errorMessage\":\"no\","
            + "\"stack\":[\"TypeError: no\",\"    at go (/var/task/index.js:3:4)\"]}",
        "TypeError", "no", "go")]
    [InlineData(
        "[ERROR] KeyError: 'id'\nTraceback (most recent call last):\n  File \"/var/task/app.py\", line 2, in go\n"
            + "    return event['id']",
        "KeyError", "'id'", "go")]
    [InlineData(
        "[ERROR]\t2026-11-21T22:00:00.000Z\tid\tcould not save\nTraceback (most recent call last):\n"
            + "  File \"/var/task/app.py\", line 2, in go\n    1 / 0\nZeroDivisionError: division by zero\n",
        "ZeroDivisionError", "division by zero", "go")]
    [InlineData(
        "Traceback (most recent call last):\n  File \"/var/task/app.py\", line 2, in go\n    x()\n"
            + "shop.errors.Broken: it\nis broken",
        "shop.errors.Broken", "it\nis broken", "go")]
    [InlineData(
        "fail: Shop.Orders[0]\n      it failed\n      System.InvalidOperationException: no stock\n"
            + "         at Shop.Orders.Go(String id) in /src/Orders.cs:line 12\n",
        "System.InvalidOperationException", "no stock", "Shop.Orders.Go")]
    [InlineData(
        "Unhandled exception. System.ArgumentException: wrong (Parameter 'x')\n   at Shop.Orders.Go()\n",
        "System.ArgumentException", "wrong (Parameter 'x')", "Shop.Orders.Go")]
    [InlineData(
        "{\"level\":\"error\",\"message\":\"saving\",\"err\":{\"type\":\"Broken\",\"message\":\"disk\","
            + "\"stack\":\"Broken: disk\\n    at go (/var/task/index.js:3:4)\"}}",
        "Broken", "disk", "go")]
    [InlineData(
        "{\"level\":\"ERROR\",\"message\":\"saving\",\"errorType\":\"Broken\",\"errorMessage\":\"disk\","
            + "\"stackTrace\":[\"  File \\\"/var/task/app.py\\\", line 2, in go\\n    x()\\n\"]}",
        "Broken", "disk", "go")]
    [InlineData(
        "{\"level\":\"error\",\"message\":\"saving\",\"exc_info\":\"Traceback (most recent call last):\\n"
            + "  File \\\"/var/task/app.py\\\", line 2, in go\\n    x()\\nKeyError: 'a'\"}",
        "KeyError", "'a'", "go")]
    public void Entry_withAStack_isAnError(string text, string type, string message, string function)
    {
        var report = ErrorReader.ReadLog(text, LineLevels.Read(text)).ShouldNotBeNull();
        report.Kind.ShouldBe(ErrorKind.Logged);
        report.Type.ShouldBe(type);
        report.Message.ShouldBe(message);
        report.Culprit.ShouldNotBeNull().Function.ShouldBe(function);
    }

    [Theory]
    [InlineData("2026-11-21T22:00:00.000Z\tid-1\tINFO\tTypeError: x\n    at go (/var/task/index.js:3:4)\n")]
    [InlineData("2026-11-21T22:00:00.000Z\tid-1\tERROR\tit went wrong")]
    [InlineData("{\"level\":\"error\",\"message\":\"it went wrong\"}")]
    [InlineData("{\"level\":\"info\",\"err\":{\"type\":\"Broken\",\"message\":\"disk\"}}")]
    [InlineData("at home")]
    [InlineData("")]
    public void Entry_withoutOne_isNone(string text) =>
        ErrorReader.ReadLog(text, LineLevels.Read(text)).ShouldBeNull();

    [Theory]
    [InlineData("at a.b (/var/task/node_modules/x/index.js:1:2)", false)]
    [InlineData("at node:internal/x:1:2", false)]
    [InlineData("at async Promise.all (index 0)", null)]
    [InlineData("at Array.map (<anonymous>)", false)]
    [InlineData("at C:\\\\app\\\\index.js:1:2", true)]
    [InlineData("at Object.<anonymous> (/var/task/index.js:1:2)", true)]
    [InlineData("File \"/opt/python/lib/python3.12/site-packages/x.py\", line 3, in go", false)]
    [InlineData("File \"<frozen importlib._bootstrap>\", line 3, in go", false)]
    [InlineData("at Microsoft.Data.Client.Open()", false)]
    [InlineData("at Shop.Go[T](T value)", true)]
    [InlineData("attention: nothing", null)]
    [InlineData("at the end of the day (really)", null)]
    public void Frame_isReadForWhatItIs(string line, bool? isApplication)
    {
        var (_, frames) = StackReader.Read([line]);
        frames.Select(frame => (bool?)frame.IsApplication).SingleOrDefault().ShouldBe(isApplication);
    }
}
