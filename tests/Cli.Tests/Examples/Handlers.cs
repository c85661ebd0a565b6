namespace Lambent.Cli.Tests.Examples;

// Classes as authors of functions write them, for what finds handlers in an assembly.

public class GreetFunction
{
    public string FunctionHandler(string name) => name;

    public string Other(string name) => name;
}

public class OrderHandler
{
    public Task HandleAsync(string order) => Task.FromResult(order);
}

public static class StaticFunctions
{
    public static string Handle(string text) => text;
}

public abstract class AbstractHandler
{
    public abstract string Handle(string text);
}

public class GenericHandler<T>
{
    public T Handle(T value) => value;
}

public class NotSpeaking
{
    public string Handle(string text) => text;
}

internal sealed class InternalHandler
{
    public string Handle(string text) => text;
}
