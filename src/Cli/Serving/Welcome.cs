using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;

namespace Lambent.Cli.Serving;

/// <summary>
/// What <c>up</c> prints: first the line that scripts wait for, then where to look and what to type, then how the
/// samples of a first start go. With --json every line is one event of the schema lambent.up/1.
/// </summary>
internal sealed class Welcome(
    CommandContext context, ServerSettings settings, string? samplesFolder, CancellationToken stop) : IServerWatcher
{
    private const string Schema = "lambent.up/1";

    private Task samples = Task.CompletedTask;

    public void Ready(Uri address, Uri dashboard)
    {
        var url = address.GetLeftPart(UriPartial.Authority);
        Event(
            "ready",
            writer =>
            {
                writer.WriteString("url", url);
                writer.WriteString("dashboard", dashboard.AbsoluteUri);
            },
            $"ready {url}");
        Line($"  dashboard {dashboard.AbsoluteUri}");
        Line($"  data     {settings.DataFolder}");
        Line("  aws      eval \"$(lambent env)\", then: aws lambda list-functions");
        Line("  next     lambent deploy FILE --url");
        if (!System.Net.IPAddress.IsLoopback(settings.BindAddress))
        {
            Warn($"{settings.BindAddress} is open to the network; function URLs without authentication are "
                + "public there");
        }

        if (samplesFolder is not null && !SampleRun.WasDone(settings.DataFolder))
        {
            samples = SamplesAsync(new SampleRun(context, settings.DataFolder, address), samplesFolder);
        }
    }

    public void Warn(string message)
    {
        if (context.Json)
        {
            Event("warning", writer => writer.WriteString("message", message), "");
        }
        else
        {
            context.Terminal.Remark($"warning {ControlCodes.Strip(message)}");
        }
    }

    /// <summary>Waits for what still runs beside the server; after a stop it ends soon.</summary>
    public Task EndAsync() => samples;

    public void Stopped() => Event("stopped", _ => { }, "stopped");

    private async Task SamplesAsync(SampleRun run, string folder)
    {
        try
        {
            Line("  samples  deploying and calling what is in samples/; leave them out with --no-samples");
            await foreach (var sample in run.RunAsync(folder, stop))
            {
                Event("sample", sample.Write, $"    {sample}");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next start takes the samples up again.
        }
        catch (Exception failure)
        {
            // Samples are a greeting; nothing that goes wrong with them may end the server.
            Warn($"the samples were not deployed: {failure.Message}");
        }
    }

    private void Event(string name, Action<Utf8JsonWriter> writeMembers, string line)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, Schema, writer =>
            {
                writer.WriteString("event", name);
                writeMembers(writer);
            });
        }
        else
        {
            context.Terminal.Print(line);
        }
    }

    private void Line(string line)
    {
        if (!context.Json && !context.Quiet)
        {
            context.Terminal.Print(line);
        }
    }
}
