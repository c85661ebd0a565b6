using System.Collections;

namespace Functions;

public sealed record Greeting(string? Name);

public sealed class Handlers
{
    private int calls;

    public object Hello(Greeting greeting) => new { hello = greeting.Name ?? "world" };

    public object Counter() => new { calls = ++calls };

    public object Throws() => throw new ArgumentException("not a good argument");

    public object Exits()
    {
        Environment.Exit(5);
        return 0;
    }

    public async Task<object> Hangs()
    {
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    public IDictionary Variables() => Environment.GetEnvironmentVariables();

    public object Keeps(Greeting greeting)
    {
        if (greeting.Name is { } text)
        {
            File.WriteAllText("/tmp/kept", text);
        }

        return new { kept = File.Exists("/tmp/kept") ? File.ReadAllText("/tmp/kept") : null };
    }
}

public sealed class Broken
{
    public Broken() => throw new InvalidOperationException("thrown by the constructor");

    public object Hello() => 0;
}
