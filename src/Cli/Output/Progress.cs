using Lambent.Cli.Commands;
using Spectre.Console;

namespace Lambent.Cli.Output;

/// <summary>
/// Shows that something goes on: on a terminal a spinner once it takes over a second, elsewhere one line.
/// </summary>
internal static class Progress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<T> DuringAsync<T>(CommandContext context, string title, Func<Task<T>> work)
    {
        var running = work();
        if (context.Quiet || context.Json)
        {
            return await running;
        }

        using var waiting = new CancellationTokenSource();
        var first = await Task.WhenAny(running, Task.Delay(Patience, context.Environment.Time, waiting.Token));
        await waiting.CancelAsync();
        if (first == running)
        {
            return await running;
        }

        if (!context.Terminal.ErrorIsTerminal)
        {
            context.Note($"{title}…");
            return await running;
        }

        return await SpinAsync(context.Terminal, title, running);
    }

    private static async Task<T> SpinAsync<T>(Terminal terminal, string title, Task<T> running)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Error),
            Ansi = AnsiSupport.Yes,
            ColorSystem = terminal.ColorOnError ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
        });
        // The failure is taken out here, so that the spinner is cleared before anything is printed about it.
        await console.Status().StartAsync(Markup.Escape(title), _ => Task.WhenAny(running));
        return await running;
    }
}
