import type { Story } from '../../harness/story/story.ts'

/** `stories.json`: the failures of a run as stories, one for each cause. */
export interface StoriesRecord {
  schema: 'https://pullplug.dev/schemas/stories/1.json'
  stories: Story[]
}
