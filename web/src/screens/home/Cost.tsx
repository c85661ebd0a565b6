import { useQuery } from '@tanstack/react-query';
import { readBill } from '../../api/bill';
import { count } from '../../ui/format';
import { money } from '../../ui/money';
import { projected } from './stuck';
import { Tile, TileNothing } from './Tile';

const often = 30_000;

/** What calls cost today and this month, and what the month will cost when it goes on like this. */
export function Cost() {
  const { data, error } = useQuery({
    queryKey: ['home', 'bill'],
    queryFn: ({ signal }) => readBill({ groupBy: 'day' }, signal),
    refetchInterval: often,
  });
  const today = new Date().toISOString().slice(0, 10);
  const line = data?.lines.find((each) => each.group?.['day'] === today);
  const month = data && projected(Number(data.total.cost), Date.parse(data.from), Date.parse(data.to));
  return (
    <Tile title="Cost" href="/explorer?tab=cost" error={data ? null : error} loading={data ? false : 4}>
      {data && (
        <div className="cost">
          <dl className="cost">
            {data.currency ? (
              <>
                <Item name="Today" value={money(line?.cost ?? 0, data.currency)} />
                <Item name="This month" value={money(data.total.cost, data.currency)} />
                <Item name="At this pace, the month" value={money(month ?? 0, data.currency)} />
              </>
            ) : (
              <>
                <Item name="Today" value={`${figure(line?.gigabyteSeconds)} GB-s`} />
                <Item name="This month" value={`${figure(data.total.gigabyteSeconds)} GB-s`} />
              </>
            )}
          </dl>
          {data.currency ? (
            <p className="faint">{count(data.total.invocations)} calls this month</p>
          ) : (
            <TileNothing command="lambent rates set --gb-second 0.0000166667 --million-requests 0.20">
              Prices make money of it:
            </TileNothing>
          )}
        </div>
      )}
    </Tile>
  );
}

function Item({ name, value }: { name: string; value: string }) {
  return (
    <div className="cost-item">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function figure(text: string | undefined): string {
  return count(Number(Number(text ?? 0).toPrecision(3)));
}
