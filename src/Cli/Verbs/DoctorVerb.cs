using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Serving;
using Lambent.Server.Diagnostics;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent doctor</c>: what this machine has and lacks, whether a server runs or not.</summary>
internal sealed class DoctorVerb() : Verb("doctor", "Check this machine: kernel, runtimes, ports, disk, clock")
{
    private readonly Option<int> port = new("--port")
    {
        HelpName = "PORT",
        Description = "The port a server would use",
        DefaultValueFactory = _ => 9550,
    };

    protected override IEnumerable<Symbol> Symbols => [port];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var folder = context.DataFolder();
        var running = context.Endpoint ?? folder.RunningEndpoint();
        var findings = new List<Finding>(await Doctor.RunAsync(
            new DoctorOptions
            {
                DataFolder = folder.Path,
                Port = context.Value(port),
                Running = Uri.TryCreate(running, UriKind.Absolute, out var address) ? address : null,
                RuntimesFolder = InstalledFolders.Runtimes,
                Time = context.Environment.Time,
            },
            cancellation));
        if (running is not null)
        {
            findings.AddRange(await ExportFindings.FindAsync(context, cancellation));
        }

        Print(context, findings);
        return findings.Any(finding => finding.Status == FindingStatus.Bad) ? ExitCode.Internal : ExitCode.Ok;
    }

    private static void Print(CommandContext context, IReadOnlyList<Finding> findings)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.doctor/1", writer =>
            {
                writer.WriteStartArray("findings");
                foreach (var finding in findings)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", finding.Name);
                    writer.WriteString("status", Word(finding.Status));
                    writer.WriteString("detail", finding.Detail);
                    writer.WriteString("fix", finding.Fix);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return;
        }

        var table = new ColumnTable("CHECK", "STATUS", "DETAIL");
        foreach (var finding in findings)
        {
            table.Add(finding.Name, Word(finding.Status), finding.Detail);
            if (finding.Fix is { } fix)
            {
                table.Add("", "", $"fix: {fix}");
            }
        }

        table.Write(context.Terminal.Output);
    }

    private static string Word(FindingStatus status) => status switch
    {
        FindingStatus.Good => "good",
        FindingStatus.Warning => "warning",
        _ => "bad",
    };
}
