using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>Adds "did you mean" to a call that names a function which is not there.</summary>
internal static class FunctionLookup
{
    public static async Task<T> NamedAsync<T>(
        LambdaApi lambda, string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.NotFound)
        {
            var question = await QuestionAsync(lambda, name, cancellation);
            throw new CommandFailedException(
                failed.Failure with { Message = failed.Failure.Message.TrimEnd('.') + "." + question });
        }
    }

    private static async Task<string> QuestionAsync(LambdaApi lambda, string name, CancellationToken cancellation)
    {
        try
        {
            var functions = await lambda.AllFunctionsAsync(cancellation);
            return Spelling.Question(name, functions.Select(function => function.FunctionName));
        }
        catch (CommandFailedException)
        {
            // The first failure is the one to report; without the list there is only no suggestion.
            return "";
        }
    }
}
