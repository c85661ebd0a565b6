using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
using Lambent.Sdk;

namespace Functions;

public sealed record Order(string Name, int Count);

public sealed class Handlers
{
    private int calls;

    public int Counts() => ++calls;

    public Order Poco(Order order) => order with { Count = order.Count + 1 };

    public static JsonElement Element(JsonElement input) => input;

    public static JsonNode? Node(JsonNode input) => input["a"];

    public static string Text(string input) => input + "!";

    public static Stream Streams(Stream input) => input;

    public static byte[] Bytes(byte[] input) => input;

    public static void Nothing()
    {
    }

    public static async Task NothingAsync(JsonElement input) => await Task.Delay(1);

    public static async Task<Order> PocoAsync(Order order)
    {
        await Task.Yield();
        return order;
    }

    public static async ValueTask<int> ValueAsync(JsonElement input)
    {
        await Task.Yield();
        return 7;
    }

    public static ValueTask ValueNothing() => ValueTask.CompletedTask;

    public static object AwsContext(JsonElement input, ILambdaContext context)
    {
        context.Logger.LogLine("a line");
        context.Logger.LogInformation("some information");
        context.Logger.LogWarning("{User} has {Count:N1}", "Ann", 2);
        context.Logger.Log("Error", new InvalidOperationException("inner"), "it failed");
        context.Logger.Log("raw\n");
        return new
        {
            context.AwsRequestId, context.FunctionName, context.FunctionVersion, context.InvokedFunctionArn,
            context.MemoryLimitInMB, context.LogGroupName, context.LogStreamName,
            Remaining = context.RemainingTime.TotalMilliseconds > 0,
            Identity = context.Identity.IdentityId,
            Title = context.ClientContext?.Client?.AppTitle,
            Custom = context.ClientContext?.Custom?["k"],
            Table = Environment.GetEnvironmentVariable("TABLE"),
            Socket = Environment.GetEnvironmentVariable("LAMBENT_SOCKET"),
        };
    }

    public static object OwnContext(IFunctionContext context)
    {
        context.Log("from our own");
        return new { context.RequestId, context.MemoryMegabytes, context.TraceHeader, context.ClientContext };
    }

    public static async Task<string> WaitsForCancel(IFunctionContext context)
    {
        var cancelled = new TaskCompletionSource();
        using var registration = context.Cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
        return "cancelled";
    }

    public static string Console2(JsonElement input)
    {
        Console.WriteLine("line {0}", 1);
        Console.Write("part ");
        Console.WriteLine("of a line");
        Console.Error.WriteLine("to error");
        Console.Write("no newline");
        return "ok";
    }

    public static async Task<int> Attribution(JsonElement input)
    {
        int number = input.GetProperty("n").GetInt32();
        for (int i = 0; i < 3; i++)
        {
            Console.WriteLine($"call {number} line {i}");
            await Task.Delay(1);
        }
        return number;
    }

    public static string Throws(JsonElement input) =>
        throw new ArgumentException("bad argument", new InvalidOperationException("the cause"));

    public static async Task ThrowsAsync(JsonElement input)
    {
        await Task.Yield();
        throw new TimeoutException("too late");
    }

    public static async Task Crash(JsonElement input)
    {
        new Thread(() => throw new InvalidOperationException("on another thread")).Start();
        await Task.Delay(Timeout.Infinite);
    }

    public static void Exits(JsonElement input)
    {
        Console.Write("before the end");
        Environment.Exit(input.GetProperty("status").GetInt32());
    }

    public static string Large(JsonElement input) => new('x', input.GetProperty("bytes").GetInt32() - 2);

    public static int Length(JsonElement input) => input.GetProperty("text").GetString()!.Length;

    public static int FloodThenFails(JsonElement input)
    {
        for (int i = 0; i < input.GetProperty("lines").GetInt32(); i++)
        {
            Console.Out.Write($"a line of a flood, {i}\n");
        }
        throw new InvalidOperationException("too much");
    }

    public static int Flood(JsonElement input)
    {
        string line = new('x', 999);
        int lines = input.GetProperty("lines").GetInt32();
        for (int i = 0; i < lines; i++)
        {
            Console.Out.Write(line + "\n");
        }
        return lines;
    }

    public static async void AsyncVoid() => await Task.Yield();

    public static int Overloaded(int a) => a;

    public static int Overloaded(string a) => a.Length;

    public static int TooMany(int a, int b, int c) => a + b + c;

    public static int NoContext(int a, int b) => a + b;

#pragma warning disable RS0030
    public static object Blocks(JsonElement input)
    {
        Thread.Sleep(200);
        return input;
    }

    public static void BlocksForever() => new ManualResetEvent(false).WaitOne();

    [LambdaSerializer(typeof(ShoutingSerializer))]
    public static string Shouts(string input) => input;
}

public sealed class FailingConstructor
{
    public FailingConstructor() => throw new InvalidOperationException("no instance");

    public int Run() => 1;
}

public struct ValueHandler
{
    private int calls;

    public int Run() => ++calls;
}

public sealed class ShoutingSerializer : ILambdaSerializer
{
    public T Deserialize<T>(Stream requestStream) => JsonSerializer.Deserialize<T>(requestStream)!;

    public void Serialize<T>(T response, Stream responseStream) =>
        JsonSerializer.Serialize(responseStream, response!.ToString()!.ToUpperInvariant());
}
