// The designer as somebody uses it: a machine is dragged together, configured, checked, saved, run and watched; and
// each of the example machines is loaded, drawn, and saved without a byte changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, missing, openPage, startServer } from './harness.mjs';
import { seedGreeter, seedQueue } from './seed.mjs';

const examples = join(dirname(fileURLToPath(import.meta.url)), '../../tests/Kernel.Tests/Workflows/Machines');
const options = { skip: missing, timeout: 300_000 };
let server;
let browser;

before(async () => {
  if (missing) return;
  server = await startServer();
  seedGreeter(server);
  seedQueue(server);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const expected = `{
  "QueryLanguage": "JSONata",
  "StartAt": "First",
  "States": {
    "First": {
      "Type": "Pass",
      "Next": "Greet"
    },
    "Greet": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Arguments": {
        "FunctionName": "greeter",
        "Payload": "{% $states.input %}"
      },
      "Output": "{% $states.result.Payload %}",
      "Next": "Choose"
    },
    "Choose": {
      "Type": "Choice",
      "Choices": [
        {
          "Condition": "{% $exists($states.input) %}",
          "Next": "Wait"
        }
      ],
      "Default": "Send message"
    },
    "Send message": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage",
      "Arguments": {
        "QueueUrl": "QUEUE",
        "MessageBody": "{% $states.input %}"
      },
      "Next": "Wait"
    },
    "Wait": {
      "Type": "Wait",
      "Seconds": 2,
      "End": true
    }
  }
}
`;

test('A machine is dragged together, configured, checked, saved, run and watched', options, async () => {
  const { page, wrong, go } = await openPage(browser, server);
  await go('/machines/new');
  await page.getByTestId('state-First').waitFor();

  // Three actions and a condition, each dragged onto the state that it comes after.
  await dragTo(page, 'palette-function', 'state-First');
  await dragTo(page, 'palette-wait', 'state-Call function');
  await dragTo(page, 'palette-choice', 'state-Call function');
  await dragTo(page, 'palette-queue', 'state-Choose');
  await page.getByTestId('palette-schedule').dragTo(page.getByTestId('graph'), { targetPosition: { x: 40, y: 40 } });

  // What starts it.
  const trigger = page.getByTestId('trigger-form');
  await trigger.getByLabel('Name').fill('watched-nightly');
  await trigger.getByLabel('Expression').fill('30 2 * * *');

  // What it does.
  await page.getByTestId('state-Call function').click();
  assert.equal(await page.getByTestId('field-problem').first().textContent(), 'Choose a function');
  await type(page, 'Name of the state', 'Greet');
  await type(page, 'Function', 'greeter');
  await page.getByTestId('state-Send message').click();
  await type(page, 'Queue', 'orders');
  await page.getByTestId('state-Choose').click();
  await page.getByTestId('add-rule').click();
  await page.getByLabel('Condition 1 goes to').selectOption('Wait');
  const condition = page.locator('.designer-rule .cm-content');
  await condition.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('$exists($states.input)');
  await page.getByTestId('verdict').getByText('valid').waitFor();
  await page.getByTestId('state-Wait').click();
  await type(page, 'Seconds', '-1');

  // What is wrong is shown at the state, at the field, in the list and above.
  await page.getByTestId('verdict').getByText('1 error').waitFor();
  await page.getByTestId('state-Wait').getByTestId('state-problem').waitFor();
  assert.ok((await page.locator('[data-field=Seconds] [data-testid=field-problem]').count()) > 0);
  assert.ok((await page.getByTestId('problems').getByRole('button').count()) > 0);
  await type(page, 'Seconds', '2');
  await page.getByTestId('verdict').getByText('valid').waitFor();

  const created = page.waitForRequest(isCall('CreateStateMachine'));
  await page.getByTestId('save').click();
  await page.getByTestId('save-name').fill('watched');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  const sent = (await created).postDataJSON();
  const queue = /"QueueUrl": "([^"]+)"/.exec(sent.definition)[1];
  assert.match(queue, /\/orders$/);
  assert.equal(sent.definition, expected.replace('QUEUE', queue));
  await page.waitForURL('**/machines/watched/edit');
  assert.match(server.run('ls', 'schedules'), /watched-nightly/);

  // A run is watched on the drawing: the Wait goes on for a moment, then all is done.
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByTestId('start-run').click();
  await page.locator('[data-state=Wait][data-status=waiting]').waitFor();
  await page.locator('[data-state=Wait][data-status=succeeded]').waitFor({ timeout: 20_000 });
  await page.getByTestId('live-run').getByText('succeeded').waitFor();
  assert.equal(await page.locator('[data-state="Send message"]').getAttribute('data-status'), 'idle');
  await page.getByRole('button', { name: 'Back to editing' }).click();

  await testOneState(page);
  await editByKeys(page);
  assert.equal(wrong.length, 1, wrong.join('; '));
  assert.match(wrong[0], /^dialog: There are changes that are not saved/);
  await page.context().close();
});

async function testOneState(page) {
  await page.getByTestId('state-Greet').click();
  await page.getByRole('button', { name: 'Test this state' }).click();
  await page.getByRole('dialog').locator('.cm-content').first().click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('{"name":"Ada"}');
  await page.getByTestId('run-test').click();
  await page.getByTestId('test-answer').getByText('succeeded').waitFor();
  await page.getByTestId('test-answer').getByText('Choose').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
}

/** Arrow keys, Delete, undo and the shown difference, without a mouse. */
async function editByKeys(page) {
  await page.getByTestId('state-First').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), 'state-Greet');
  await page.keyboard.press('Delete');
  await page.getByTestId('state-Greet').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+s');
  const changes = page.getByRole('region', { name: 'Changes of the definition' });
  assert.match(await changes.textContent(), /- {2,}"Greet"/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await page.getByTestId('state-Greet').waitFor();
  await page.keyboard.press('Control+y');
  await page.getByTestId('state-Greet').waitFor({ state: 'detached' });
  // Changes are not left behind unasked (the question is answered with no), and are still there in another window.
  await page.getByText('not saved').waitFor();
  await page.getByRole('link', { name: 'Home' }).click();
  assert.match(page.url(), /\/machines\/watched\/edit$/);
  await page.waitForTimeout(800);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByText('Changes of before were kept in this browser.').waitFor();
  assert.equal(await other.getByTestId('state-Greet').count(), 0);
  await other.getByRole('button', { name: 'Discard them' }).click();
  await other.getByTestId('state-Greet').waitFor();
}

test('Each example machine is drawn, and saving it unchanged changes no byte', options, async () => {
  const folder = join(server.dataFolder, 'machines');
  mkdirSync(folder);
  const names = readdirSync(examples)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const { definition } = JSON.parse(readFileSync(join(examples, file), 'utf8'));
      writeFileSync(join(folder, file.replace('.json', '.asl.json')), `${JSON.stringify(definition, null, 3)}\n`);
      return file.replace('.json', '');
    });
  assert.equal(names.length, 41);
  server.run('deploy', folder);
  const { page, wrong, go } = await openPage(browser, server);
  const updates = [];
  page.on('request', (request) => isCall('UpdateStateMachine')(request) && updates.push(request.postData()));
  for (const name of names) {
    const text = readFileSync(join(folder, `${name}.asl.json`), 'utf8');
    const described = page.waitForResponse((response) => isCall('DescribeStateMachine')(response.request()));
    await go(`/machines/${name}/edit`);
    assert.equal((await (await described).json()).definition, text, name);
    await page.getByTestId('verdict').getByText('valid').waitFor();
    const states = statesOf(JSON.parse(text));
    assert.equal(
      await page
        .getByRole('list', { name: /^States of/ })
        .getByRole('listitem')
        .count(),
      states.length,
      name,
    );
    for (const state of states) await page.getByTestId(`state-${state}`).waitFor({ state: 'attached' });
    // Renamed there and back, it is the text that came: there is nothing to save.
    await page.getByTestId(`state-${states[0]}`).click();
    await type(page, 'Name of the state', 'Renamed for a moment');
    await page.getByTestId('state-Renamed for a moment').waitFor();
    await type(page, 'Name of the state', states[0]);
    await page.getByTestId(`state-${states[0]}`).waitFor();
    assert.equal(await page.getByText('not saved').count(), 0, name);
    await page.getByTestId('save').click();
    await page.getByText('The definition is as it was saved.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  assert.deepEqual(updates, []);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

function isCall(operation) {
  return (request) => request.headers()['x-amz-target'] === `AWSStepFunctions.${operation}`;
}

async function dragTo(page, item, target) {
  const count = await page.locator('[data-state]').count();
  await page.getByTestId(item).dragTo(page.getByTestId(target));
  await page.waitForFunction((known) => document.querySelectorAll('[data-state]').length > known, count);
}

async function type(page, label, text) {
  const field = page.getByTestId('inspector').getByLabel(label, { exact: true });
  await field.fill(text);
  await field.press('Enter');
}

function focused(page) {
  return page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
}

function statesOf(machine) {
  return Object.entries(machine.States).flatMap(([name, state]) => [
    name,
    ...[...(state.Branches ?? []), state.ItemProcessor, state.Iterator].filter(Boolean).flatMap(statesOf),
  ]);
}
