namespace Lambent.Kernel.Tests.Errors;

/// <summary>What the runtimes of three languages answer and log for the same kinds of errors.</summary>
internal static class Stacks
{
    public static string Node(string type, string message, string function = "load", int line = 10) => $$"""
        {"errorType":"{{type}}","errorMessage":"{{message}}","trace":["{{type}}: {{message}}",
        "    at {{function}} (/var/task/index.js:{{line}}:15)",
        "    at async Runtime.handler (file:///var/task/index.mjs:3:9)",
        "    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)"]}
        """;

    public static string Python(string type, string message, string function = "load", int line = 12) => $$"""
        {"errorType":"{{type}}","errorMessage":"{{message}}","requestId":"1","stackTrace":[
        "  File \"/var/task/app.py\", line 4, in handler\n    return load(event)\n",
        "  File \"/var/task/app.py\", line {{line}}, in {{function}}\n    raise X(event)\n"]}
        """;

    public static string Dotnet(string type, string message, string function = "Load") => $$"""
        {"errorType":"{{type}}","errorMessage":"{{message}}","stackTrace":[
        "   at System.ThrowHelper.Throw(Object value)",
        "   at Shop.Orders.<{{function}}>d__3.MoveNext() in /src/Orders.cs:line 21",
        "--- End of stack trace from previous location ---",
        "   at Shop.Orders.Handle(Request request) in /src/Orders.cs:line 7"]}
        """;
}
