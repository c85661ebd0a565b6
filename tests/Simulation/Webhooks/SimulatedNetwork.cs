using System.Net;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Webhooks;

/// <summary>A request that came to a program outside.</summary>
internal sealed record OutsideRequest(Uri Url, string Id, string Body, Func<string, string> Header);

/// <summary>
/// Everything outside of a server: requests are lost, answered too late, or answered and the answer lost. What a
/// program there did it did, whether the server hears of it or not.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="answer">What a program answers to a request; the status.</param>
internal sealed class SimulatedNetwork(World world, Func<LifeSupport, OutsideRequest, int> answer)
{
    private readonly Random chance = world.Stream("network");
    private readonly double lossRate = world.Stream("losses").NextDouble() * 0.2;

    /// <summary>What a life of a server sends its requests through.</summary>
    public HttpMessageHandler For(LifeSupport support) => new Handler(this, world, support);

    private sealed class Handler(SimulatedNetwork network, World world, LifeSupport support) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var chance = network.chance;
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            await PassAsync(chance.NextDouble() * 0.1, cancellationToken);
            if (world.Faults.Happens(network.lossRate))
            {
                throw new HttpRequestException("The connection was broken on the way there.");
            }

            var status = network.AnswerTo(support, request, body);
            await PassAsync(
                world.Faults.IsActive && chance.Next(15) == 0 ? 60 : chance.NextDouble(), cancellationToken);
            return world.Faults.Happens(network.lossRate)
                ? throw new HttpRequestException("The connection was broken on the way back.")
                : new HttpResponseMessage((HttpStatusCode)status);
        }

        private async Task PassAsync(double seconds, CancellationToken cancellation)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), support.Time, cancellation);
            if (support.Actor.IsDead)
            {
                await new TaskCompletionSource().Task;
            }
        }
    }

    private int AnswerTo(LifeSupport support, HttpRequestMessage request, string body)
    {
        string Header(string name) => request.Headers.GetValues(name).Single();
        return answer(support, new OutsideRequest(request.RequestUri!, Header("webhook-id"), body, Header));
    }
}
